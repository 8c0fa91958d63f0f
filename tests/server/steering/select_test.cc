#include "server/steering/select.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using health::State;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::Le;

// Three places on the equator: 0, 10 and 90 degrees east of the client.
class Select : public testing::Test {
 protected:
  Select() {
    a_ = world_.add("a", "192.0.2.1", true, geo::Coordinates{0, 90});
    b_ = world_.add("b", "192.0.2.2", true, geo::Coordinates{0, 0});
    c_ = world_.add("c", "192.0.2.3", true, geo::Coordinates{0, 10});
  }

  std::vector<std::string> pick(Pick pick, std::uint16_t max = 0, Eligible eligible = {}) {
    Pool pool;
    pool.members = {{a_}, {b_}, {c_}};
    pool.pick = pick;
    pool.max = max;
    return pick_from(pool, eligible);
  }

  std::vector<std::string> pick_from(const Pool& pool, Eligible eligible = {}) {
    const health::Board board = world_.board();
    const Situation now{world_.plan, board, family_, client_};
    steadiness_ = {};
    world_.workspace.addresses.clear();
    select(now, pool, eligible, world_.workspace, steadiness_);
    std::vector<std::string> result;
    for (const auto& address : world_.workspace.addresses) result.push_back(address.to_text());
    return result;
  }

  World world_;
  EndpointId a_{}, b_{}, c_{};
  Family family_ = Family::V4;
  std::optional<geo::Coordinates> client_ = geo::Coordinates{0, 0};
  Steadiness steadiness_;
};

TEST_F(Select, AllTakesEveryHealthyMemberInOrder) {
  EXPECT_THAT(pick(Pick::All), ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
  world_.set("b", State::Down);
  EXPECT_THAT(pick(Pick::All), ElementsAre("192.0.2.1", "192.0.2.3"));
  EXPECT_THAT(pick(Pick::All, 1), ElementsAre("192.0.2.1"));
}

TEST_F(Select, ServesUnknownAndFailingButNotRecovering) {
  world_.set("a", State::Unknown);
  world_.set("b", State::Failing);
  world_.set("c", State::Recovering);
  EXPECT_THAT(pick(Pick::All), ElementsAre("192.0.2.1", "192.0.2.2"));
}

TEST_F(Select, FailoverTakesTheFirstHealthyOne) {
  EXPECT_THAT(pick(Pick::Failover), ElementsAre("192.0.2.1"));
  world_.set("a", State::Down);
  EXPECT_THAT(pick(Pick::Failover), ElementsAre("192.0.2.2"));
  EXPECT_THAT(pick(Pick::Failover, 2), ElementsAre("192.0.2.2", "192.0.2.3"));
}

TEST_F(Select, FailoverRestsOnThoseUpToTheChosenOne) {
  world_.set("a", State::Up, 30);
  world_.set("b", State::Failing, 5);
  std::ignore = pick(Pick::Failover);
  EXPECT_EQ(steadiness_.time, std::chrono::seconds(30)) << "b comes later and plays no part";
  world_.set("a", State::Down, 10);
  std::ignore = pick(Pick::Failover);
  EXPECT_EQ(steadiness_.time, std::chrono::seconds(5));
}

TEST_F(Select, NearestSortsByDistance) {
  EXPECT_THAT(pick(Pick::Nearest), ElementsAre("192.0.2.2"));
  EXPECT_THAT(pick(Pick::Nearest, 2), ElementsAre("192.0.2.2", "192.0.2.3"));
  EXPECT_THAT(pick(Pick::Nearest, 9), ElementsAre("192.0.2.2", "192.0.2.3", "192.0.2.1"));
  world_.set("b", State::Down);
  EXPECT_THAT(pick(Pick::Nearest), ElementsAre("192.0.2.3"));
}

TEST_F(Select, NearestTakesThoseWithinFivePercentTogether) {
  client_ = geo::Coordinates{0, 100};
  world_.add("near", "192.0.2.4", true, geo::Coordinates{0, 89.6});    // 10.4 degrees
  world_.add("beyond", "192.0.2.5", true, geo::Coordinates{0, 89.4});  // 10.6 degrees
  Pool pool;
  pool.pick = Pick::Nearest;
  pool.members = {{world_.endpoints["beyond"]}, {world_.endpoints["near"]}, {a_}};
  EXPECT_THAT(pick_from(pool), ElementsAre("192.0.2.1", "192.0.2.4"));
}

TEST_F(Select, NearestFallsBackToTheOrderWrittenWhereNoDistanceIsKnown) {
  client_ = std::nullopt;
  EXPECT_THAT(pick(Pick::Nearest), ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
  EXPECT_THAT(pick(Pick::Nearest, 1), ElementsAre("192.0.2.1"));
}

TEST_F(Select, NearestPutsAnEndpointWithoutAPlaceLast) {
  const EndpointId nowhere = world_.add("nowhere", "192.0.2.9");
  Pool pool;
  pool.pick = Pick::Nearest;
  pool.max = 9;
  pool.members = {{nowhere}, {a_}};
  EXPECT_THAT(pick_from(pool), ElementsAre("192.0.2.1", "192.0.2.9"));
}

TEST_F(Select, WeightedDrawsByWeight) {  // chi-square over 20,000 draws
  Pool pool;
  pool.pick = Pick::Weighted;
  pool.members = {{a_, 5}, {b_, 3}, {c_, 2}};
  std::map<std::string, double> seen;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    const auto drawn = pick_from(pool);
    ASSERT_EQ(drawn.size(), 1U);
    ++seen[drawn.front()];
  }
  double chi_square = 0;
  for (const auto& [address, share] :
       {std::pair{"192.0.2.1", 0.5}, std::pair{"192.0.2.2", 0.3}, std::pair{"192.0.2.3", 0.2}}) {
    chi_square += std::pow(seen[address] - kDraws * share, 2) / (kDraws * share);
  }
  EXPECT_LT(chi_square, 13.8) << "0.1 % of fair draws are worse; the seed is fixed";
}

TEST_F(Select, WeightedNeverDrawsZeroUnlessThereIsNothingElse) {
  Pool pool;
  pool.pick = Pick::Weighted;
  pool.members = {{a_, 0}, {b_, 1}};
  for (int i = 0; i < 200; ++i) ASSERT_THAT(pick_from(pool), ElementsAre("192.0.2.2"));
  world_.set("b", State::Down);
  EXPECT_THAT(pick_from(pool), ElementsAre("192.0.2.1"));
}

TEST_F(Select, WeightedDrawsDistinctMembers) {
  Pool pool;
  pool.pick = Pick::Weighted;
  pool.max = 3;
  pool.members = {{a_, 1000}, {b_, 1}, {c_, 1}};
  auto drawn = pick_from(pool);
  std::sort(drawn.begin(), drawn.end());
  EXPECT_THAT(drawn, ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
}

TEST_F(Select, WeightedRestsOnEveryMember) {
  world_.set("c", State::Down, 4);
  std::ignore = pick(Pick::Weighted);
  EXPECT_EQ(steadiness_.time, std::chrono::seconds(4)) << "c's return changes the shares";
}

TEST_F(Select, TakesWhoIsEligibleWhateverTheHealth) {
  const Eligible anyone{Eligible::By::Anyone, {}};
  for (const char* name : {"a", "b", "c"}) world_.set(name, State::Down);
  EXPECT_THAT(pick(Pick::All), ElementsAre());
  EXPECT_THAT(pick(Pick::All, 0, anyone), ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
  EXPECT_THAT(pick(Pick::Nearest, 0, anyone), ElementsAre("192.0.2.2"));
  EXPECT_EQ(pick(Pick::Weighted, 0, anyone).size(), 1U);
}

TEST_F(Select, LeavesOutMembersWithoutTheFamily) {
  family_ = Family::V6;
  EXPECT_THAT(pick(Pick::All), ElementsAre());
  world_.put_face(world_.plan.endpoints[1], "2001:db8::2");
  EXPECT_THAT(pick(Pick::All), ElementsAre("2001:db8::2"));
}

TEST_F(Select, AnEndpointWithoutACheckIsAlwaysUpAndSteady) {
  Pool pool;
  pool.members = {{world_.add("fixed", "192.0.2.7", false)}};
  EXPECT_THAT(pick_from(pool), ElementsAre("192.0.2.7"));
  EXPECT_EQ(steadiness_.time, std::chrono::seconds::max());
}

TEST_F(Select, CountsWhoIsThereAndWhoIsHealthy) {
  Pool pool;
  pool.members = {{a_}, {b_}, {c_}};
  world_.set("a", State::Down);
  const health::Board board = world_.board();
  const Census v4 = count_members({world_.plan, board, Family::V4, {}}, pool);
  EXPECT_EQ(v4.present, 3U);
  EXPECT_EQ(v4.healthy, 2U);
  EXPECT_EQ(v4.unchecked, 0U);
  EXPECT_EQ(count_members({world_.plan, board, Family::V6, {}}, pool).present, 0U);
}

TEST_F(Select, CountsWhoIsServedForWantOfAVerdict) {
  Pool pool;
  pool.members = {{a_}, {b_}, {c_}};
  const auto unchecked = [&] {
    const health::Board board = world_.board();
    return count_members({world_.plan, board, Family::V4, {}}, pool).unchecked;
  };
  for (const char* name : {"a", "b", "c"}) world_.set(name, State::Unknown, 0);
  EXPECT_EQ(unchecked(), 3U);
  world_.standing("a").force = health::Force::Up;
  world_.standing("b").force = health::Force::Drained;
  EXPECT_EQ(unchecked(), 1U);
}

TEST_F(Select, OverridesSpeakBeforeResults) {
  world_.set("a", State::Down);
  world_.standing("a").force = health::Force::Up;
  world_.standing("b").force = health::Force::Drained;
  world_.standing("c").force = health::Force::Down;
  EXPECT_THAT(pick(Pick::All), ElementsAre("192.0.2.1"));
}

TEST_F(Select, WhoIsHeldOrRescuedIsServed) {
  for (const char* name : {"a", "b", "c"}) world_.set(name, State::Down);
  world_.standing("a").held = true;
  world_.standing("b").rescued = true;
  EXPECT_THAT(pick(Pick::All), ElementsAre("192.0.2.1", "192.0.2.2"));
}

TEST_F(Select, RestsOnTheLowestCapOfOverridesForcedOutMembersIncluded) {
  world_.standing("a").force = health::Force::Drained;
  world_.standing("a").cap = std::chrono::seconds(7);
  world_.standing("b").cap = std::chrono::seconds(9);
  std::ignore = pick(Pick::Failover);
  EXPECT_EQ(steadiness_.cap, std::chrono::seconds(7));
  EXPECT_EQ(steadiness_.capped_by, a_);
}

}  // namespace
}  // namespace steering
