#include "server/steering/select.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/server/steering/select_world.h"

namespace steering {
namespace {

using dnswire::Family;
using health::State;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using Select = SelectWorld;

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
  place(geo::Coordinates{0, 100});
  const EndpointId near = world_.add("near", "192.0.2.4", true, geo::Coordinates{0, 89.6});
  const EndpointId beyond = world_.add("beyond", "192.0.2.5", true, geo::Coordinates{0, 89.4});
  const PoolId pool = world_.add_pool("pool", {{beyond}, {near}, {a_}}, Pick::Nearest);
  EXPECT_THAT(pick_from(pool), ElementsAre("192.0.2.1", "192.0.2.4"));
  world_.set("near", State::Down);
  EXPECT_THAT(pick_from(pool), ElementsAre("192.0.2.1"));
  world_.set("near", State::Up);
  world_.set("a", State::Down);
  EXPECT_THAT(pick_from(pool), ElementsAre("192.0.2.4"))
      << "groups are those of places: beyond is not drawn in when a goes";
}

TEST_F(Select, NearestTakesTheFirstInOrderWhereThePlaceIsUnknown) {
  place(std::nullopt);
  EXPECT_THAT(pick(Pick::Nearest), ElementsAre("192.0.2.1"));
  EXPECT_THAT(pick(Pick::Nearest, 9), ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
  world_.set("a", State::Down);
  EXPECT_THAT(pick(Pick::Nearest), ElementsAre("192.0.2.2"));
}

TEST_F(Select, NearestPutsAnEndpointWithoutAPlaceLast) {
  const EndpointId nowhere = world_.add("nowhere", "192.0.2.9");
  const PoolId pool = world_.add_pool("pool", {{nowhere}, {a_}}, Pick::Nearest);
  world_.pool(pool).max = 9;
  EXPECT_THAT(pick_from(pool), ElementsAre("192.0.2.1", "192.0.2.9"));
}

TEST_F(Select, NearestRestsOnThoseUpToTheLastChosenOne) {
  world_.set("b", State::Down, 20);
  world_.set("c", State::Up, 15);
  world_.set("a", State::Failing, 5);
  EXPECT_THAT(pick(Pick::Nearest), ElementsAre("192.0.2.3"));
  EXPECT_EQ(steadiness_.time, std::chrono::seconds(15)) << "a is farther away";
  std::ignore = pick(Pick::Nearest, 2);
  EXPECT_EQ(steadiness_.time, std::chrono::seconds(5));
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
  world_.put_face("b", "2001:db8::2");
  for (const Pick any : {Pick::All, Pick::Failover, Pick::Nearest, Pick::Weighted, Pick::Sticky}) {
    EXPECT_THAT(pick(any), ElementsAre("2001:db8::2")) << to_text(any);
  }
}

TEST_F(Select, AnEndpointWithoutACheckIsAlwaysUpAndSteady) {
  const PoolId pool = world_.add_pool("pool", {{world_.add("fixed", "192.0.2.7", false)}}, {});
  EXPECT_THAT(pick_from(pool), ElementsAre("192.0.2.7"));
  EXPECT_EQ(steadiness_.time, std::chrono::seconds::max());
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

TEST_F(Select, AnEndpointOfSeveralAddressesGivesThoseThatStand) {
  world_.put_face("b", "192.0.2.12");
  world_.put_face("b", "192.0.2.22");
  EXPECT_THAT(pick(Pick::All),
              ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.12", "192.0.2.22", "192.0.2.3"));
  EXPECT_THAT(pick(Pick::Nearest), ElementsAre("192.0.2.2", "192.0.2.12", "192.0.2.22"))
      << "one member, all of its addresses";
  world_.set("b", State::Down);
  EXPECT_THAT(pick(Pick::Nearest), ElementsAre("192.0.2.12", "192.0.2.22"));
  world_.set("b", State::Down, 10, Family::V4, 1);
  world_.set("b", State::Down, 10, Family::V4, 2);
  EXPECT_THAT(pick(Pick::Nearest), ElementsAre("192.0.2.3")) << "no address of b stands";
  const Eligible anyone{Eligible::By::Anyone, {}};
  EXPECT_THAT(pick(Pick::Nearest, 0, anyone), ElementsAre("192.0.2.2", "192.0.2.12", "192.0.2.22"));
}

TEST_F(Select, MaxCountsAddressesNotEndpoints) {
  world_.put_face("a", "192.0.2.11");
  for (const Pick in_order : {Pick::All, Pick::Failover}) {
    EXPECT_THAT(pick(in_order, 1), ElementsAre("192.0.2.1"));
    EXPECT_THAT(pick(in_order, 2), ElementsAre("192.0.2.1", "192.0.2.11"));
    EXPECT_THAT(pick(in_order, 3), ElementsAre("192.0.2.1", "192.0.2.11", "192.0.2.2"));
  }
  for (const Pick any : {Pick::Nearest, Pick::Weighted, Pick::Sticky}) {
    EXPECT_EQ(pick(any, 2).size(), 2U) << to_text(any);
    EXPECT_THAT(pick(any, 9),
                UnorderedElementsAre("192.0.2.1", "192.0.2.11", "192.0.2.2", "192.0.2.3"))
        << to_text(any);
  }
}

TEST_F(Select, AnEndpointRestsOnAllOfItsAddresses) {
  world_.put_face("a", "192.0.2.11");
  world_.set("a", State::Down, 6, Family::V4, 1);
  EXPECT_THAT(pick(Pick::Failover), ElementsAre("192.0.2.1"));
  EXPECT_EQ(steadiness_.time, std::chrono::seconds(6)) << "its other address can come back";
}

TEST_F(Select, AnAddressThatTwoMembersHaveIsNamedOnce) {  // RFC 2181 5
  world_.put_face("c", "192.0.2.1");
  EXPECT_THAT(pick(Pick::All), ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
  world_.set("a", State::Down);
  EXPECT_THAT(pick(Pick::All), ElementsAre("192.0.2.2", "192.0.2.3", "192.0.2.1"))
      << "by the member that stands";
}

TEST_F(Select, GivesAHundredAddressesAtMost) {
  std::vector<Member> members;
  for (int i = 0; i < 101; ++i) {
    const std::string name = "m" + std::to_string(i);
    members.push_back({world_.add(name, ("198.51.100." + std::to_string(i)).c_str())});
  }
  EXPECT_EQ(pick_from(world_.add_pool("pool", members, Pick::All)).size(), kMaxAddresses);
}

}  // namespace
}  // namespace steering
