#include "server/steering/eligible.h"

#include <gmock/gmock.h>

#include "tests/server/steering/world.h"

namespace steering {
namespace {

using health::Force;
using health::Instant;
using health::State;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

// Three endpoints that are down.
class EligibleTest : public testing::Test {
 protected:
  EligibleTest() {
    for (const char* name : {"a", "b", "c"}) {
      pool_.members.push_back({world_.add(name, "192.0.2.1")});
      world_.set(name, State::Down);
      world_.standing(name).beat = seconds(10);
    }
  }

  void force(const char* name, Force force) { world_.standing(name).force = force; }
  void fell(const char* name, milliseconds after) {
    world_.standing(name).fell = Instant{} + std::chrono::hours(1) + after;
  }

  std::vector<std::string> admitted(const Eligible& eligible, const health::Board& board) {
    std::vector<std::string> names;
    for (const Member& member : pool_.members) {
      const Endpoint& endpoint = world_.plan[member.endpoint];
      if (eligible.admits(board[endpoint.faces[0]->subject])) names.push_back(endpoint.name);
    }
    return names;
  }
  std::vector<std::string> up() {
    const health::Board board = world_.board();
    return admitted(as_if_up({world_.plan, board, dnswire::Family::V4, {}}, pool_), board);
  }
  std::vector<std::string> last() {
    const health::Board board = world_.board();
    return admitted(last_healthy({world_.plan, board, dnswire::Family::V4, {}}, pool_), board);
  }

  World world_;
  Pool pool_;
};

TEST_F(EligibleTest, TheUsualTestIsHealth) {
  world_.set("b", State::Failing);
  force("c", Force::Up);
  EXPECT_THAT(admitted({}, world_.board()), ElementsAre("b", "c"));
}

TEST_F(EligibleTest, AsIfUpLeavesOutWhomAnOperatorTookOut) {
  EXPECT_THAT(up(), ElementsAre("a", "b", "c"));
  force("a", Force::Drained);
  force("b", Force::Down);
  EXPECT_THAT(up(), ElementsAre("c"));
}

TEST_F(EligibleTest, TheDrainedComeBackBeforeThoseForcedDown) {
  force("a", Force::Down);
  force("b", Force::Drained);
  force("c", Force::Drained);
  EXPECT_THAT(up(), ElementsAre("b", "c"));
}

TEST_F(EligibleTest, WhereAllAreForcedDownAllAreBack) {
  for (const char* name : {"a", "b", "c"}) force(name, Force::Down);
  EXPECT_THAT(up(), ElementsAre("a", "b", "c"));
}

TEST_F(EligibleTest, LastHealthyAreThoseThatFellLastAndWithinTheirBeatAndItsJitterOfThem) {
  fell("a", seconds(0));
  fell("b", milliseconds(88'000));
  fell("c", seconds(100));
  EXPECT_THAT(last(), ElementsAre("b", "c"));
  fell("b", milliseconds(87'999));
  EXPECT_THAT(last(), ElementsAre("c"));
  world_.standing("a").beat = seconds(100);
  EXPECT_THAT(last(), ElementsAre("a", "c")) << "a slow check tells later";
}

TEST_F(EligibleTest, LastHealthyIsEverybodyIfNobodyEverFell) {
  EXPECT_THAT(last(), ElementsAre("a", "b", "c"));
  fell("b", seconds(1));
  EXPECT_THAT(last(), ElementsAre("b"));
}

TEST_F(EligibleTest, LastHealthyLooksAmongThoseThatAreNotForcedOut) {
  fell("a", seconds(0));
  fell("b", seconds(50));
  fell("c", seconds(100));
  force("c", Force::Drained);
  EXPECT_THAT(last(), ElementsAre("b"));
  force("a", Force::Down);
  force("b", Force::Down);
  EXPECT_THAT(last(), ElementsAre("c"));
  force("c", Force::Down);
  EXPECT_THAT(last(), ElementsAre("c"));
}

TEST_F(EligibleTest, OfThoseForcedDownWhoReallyStandsIsTheLastToFall) {
  for (const char* name : {"a", "b", "c"}) force(name, Force::Down);
  fell("a", seconds(0));
  fell("b", seconds(100));
  world_.set("c", State::Up);
  force("c", Force::Down);
  EXPECT_THAT(last(), ElementsAre("c"));
  world_.set("a", State::Failing);
  force("a", Force::Down);
  EXPECT_THAT(last(), ElementsAre("a", "c"));
}

}  // namespace
}  // namespace steering
