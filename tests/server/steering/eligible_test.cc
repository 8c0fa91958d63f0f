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
    std::vector<Member> members;
    for (const char* name : {"a", "b", "c"}) {
      members.push_back({world_.add(name, "192.0.2.1")});
      world_.set(name, State::Down);
      world_.standing(name).beat = seconds(10);
    }
    pool_ = world_.add_pool("pool", members, Pick::All);
    record_ = world_.add_record(pool_);
  }

  void force(const char* name, Force force) { world_.standing(name).force = force; }
  void fell(const char* name, milliseconds after) {
    world_.standing(name).fell = Instant{} + std::chrono::hours(1) + after;
  }

  std::vector<std::string> admitted(const Eligible& eligible) {
    std::vector<std::string> names;
    for (const char* name : {"a", "b", "c"}) {
      if (eligible.admits(world_.standing(name))) names.emplace_back(name);
    }
    return names;
  }
  std::vector<std::string> up() {
    return admitted(as_if_up(world_.situation(record_), world_.pool(pool_)));
  }
  std::vector<std::string> last() {
    return admitted(last_healthy(world_.situation(record_), world_.pool(pool_)));
  }

  World world_;
  PoolId pool_{};
  zones::DynamicId record_{};
};

TEST_F(EligibleTest, TheUsualTestIsHealth) {
  world_.set("b", State::Failing);
  force("c", Force::Up);
  EXPECT_THAT(admitted({}), ElementsAre("b", "c"));
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

// "a" alone, and a pool of "b" and "c" that spills to "d".
class EligibleInsidePoolsTest : public EligibleTest {
 protected:
  EligibleInsidePoolsTest() {
    const EndpointId d = world_.add("d", "192.0.2.4");
    const PoolId behind = world_.add_pool("behind", {{d}}, Pick::All);
    const PoolId inner = world_.add_pool(
        "inner", {{world_.endpoints.at("b")}, {world_.endpoints.at("c")}}, Pick::All);
    world_.pool(inner).then = behind;
    world_.pool(pool_).members = {{world_.endpoints.at("a")}, {inner}};
  }
};

TEST_F(EligibleInsidePoolsTest, MembersOfPoolsCountAsMembers) {
  force("a", Force::Drained);
  force("b", Force::Down);
  EXPECT_THAT(up(), ElementsAre("c"));
  force("c", Force::Drained);
  EXPECT_THAT(up(), ElementsAre("a", "c"));
  fell("a", seconds(50));
  fell("c", seconds(100));
  EXPECT_THAT(last(), ElementsAre("c"));
}

TEST_F(EligibleInsidePoolsTest, ThoseThatAPoolSpillsToDoNotCount) {
  for (const char* name : {"a", "b", "c"}) force(name, Force::Down);
  EXPECT_THAT(up(), ElementsAre("a", "b", "c")) << "d is not forced down, and elsewhere";
  fell("d", seconds(100));
  fell("a", seconds(50));
  EXPECT_THAT(last(), ElementsAre("a"));
}

}  // namespace
}  // namespace steering
