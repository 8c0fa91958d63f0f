#include "health/probes/agenda.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace probes {
namespace {

using health::Instant;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Instant kBegin{hours(1)};  // of a turn
constexpr health::Duration kTurn = Agenda<char>::kTurn;

struct AgendaTest : testing::Test {
  // All whose turn has come.
  std::string take(Instant now) {
    std::string taken;
    while (const std::optional<char> who = agenda.take(now)) taken += *who;
    return taken;
  }

  Agenda<char> agenda;
};

TEST_F(AgendaTest, IsEmptyAtFirst) {
  EXPECT_EQ(agenda.next_turn(), Instant::max());
  EXPECT_EQ(take(kBegin), "");
}

TEST_F(AgendaTest, GivesNothingBeforeItIsDue) {
  agenda.add('A', kBegin + kTurn + microseconds(2'300));
  EXPECT_EQ(agenda.next_turn(), kBegin + 2 * kTurn);
  EXPECT_EQ(take(kBegin + kTurn + microseconds(2'299)), "");
  EXPECT_EQ(take(kBegin + 2 * kTurn - microseconds(1)), "");
  EXPECT_EQ(take(kBegin + 2 * kTurn), "A");
  EXPECT_EQ(agenda.next_turn(), Instant::max());
}

TEST_F(AgendaTest, GivesThoseOfOneTurnTogetherFirstComeFirst) {
  agenda.add('A', kBegin);
  agenda.add('B', kBegin + kTurn - microseconds(1));
  agenda.add('C', kBegin + kTurn);
  EXPECT_EQ(take(kBegin + kTurn), "AB");
  EXPECT_EQ(take(kBegin + 2 * kTurn), "C");
}

TEST_F(AgendaTest, GivesEarlierTurnsFirst) {
  agenda.add('C', kBegin + milliseconds(40));
  agenda.add('A', kBegin);
  agenda.add('B', kBegin + milliseconds(20));
  EXPECT_EQ(take(kBegin + hours(1)), "ABC");
}

TEST_F(AgendaTest, HasTheNextTurnForWhatIsDueNow) {
  agenda.add('A', kBegin);
  EXPECT_EQ(take(kBegin), "");
  EXPECT_EQ(take(agenda.next_turn()), "A");
}

TEST_F(AgendaTest, ForgetsWhatIsRemoved) {
  agenda.add('A', kBegin);
  agenda.add('B', kBegin + milliseconds(1));
  agenda.add('C', kBegin + milliseconds(20));
  agenda.remove('A', kBegin);
  agenda.remove('C', kBegin + milliseconds(20));
  agenda.remove('D', kBegin);
  EXPECT_EQ(take(kBegin + hours(1)), "B");
  EXPECT_EQ(agenda.next_turn(), Instant::max());
}

TEST_F(AgendaTest, ForgetsAll) {
  agenda.add('A', kBegin);
  agenda.clear();
  EXPECT_EQ(agenda.next_turn(), Instant::max());
  EXPECT_EQ(take(kBegin + hours(1)), "");
}

}  // namespace
}  // namespace probes
