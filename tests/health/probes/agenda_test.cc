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

constexpr Instant kBegin{hours(1)};

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
  agenda.add('A', kBegin + microseconds(12'300));
  EXPECT_EQ(agenda.next_turn(), kBegin + milliseconds(20));
  EXPECT_EQ(take(kBegin + microseconds(12'299)), "");
  EXPECT_EQ(take(kBegin + microseconds(19'999)), "");
  EXPECT_EQ(take(kBegin + milliseconds(20)), "A");
  EXPECT_EQ(agenda.next_turn(), Instant::max());
}

TEST_F(AgendaTest, GivesThoseOfOneTurnTogetherFirstComeFirst) {
  agenda.add('A', kBegin);
  agenda.add('B', kBegin + microseconds(9'999));
  agenda.add('C', kBegin + milliseconds(10));
  EXPECT_EQ(take(kBegin + milliseconds(10)), "AB");
  EXPECT_EQ(take(kBegin + milliseconds(20)), "C");
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
