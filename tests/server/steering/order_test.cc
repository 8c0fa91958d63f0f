#include "server/steering/order.h"

#include <gmock/gmock.h>

#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using geo::Coordinates;
using geo::Location;
using testing::ElementsAre;
using Texts = std::vector<std::string>;

// Endpoints on the equator; a client is so many degrees east, in Japan or nowhere.
class OrderTest : public testing::Test {
 protected:
  EndpointId at(const char* name, double longitude, int bias = 0) {
    const EndpointId id = world_.add(name, "192.0.2.1", true, Coordinates{0, longitude});
    world_.plan.endpoints.back().bias = static_cast<std::int8_t>(bias);
    return id;
  }
  static Location client(double longitude) {
    Location location;
    location.coordinates = Coordinates{0, longitude};
    location.country = geo::CountryCode::from_text("JP");
    return location;
  }

  PoolId nearest(const std::vector<Member>& members) {
    return world_.add_pool("pool", members, Pick::Nearest);
  }

  // "a", or "+b" where it is in the group of the one before.
  Texts order(PoolId pool, const Location& client) {
    const auto leaves = leaves_of(world_.plan, pool, Family::V4);
    Texts result;
    std::optional<std::uint32_t> group;
    for (const Ranked& ranked : order_for(world_.plan, world_.pool(pool), leaves, client)) {
      const std::string& name = world_.plan[ranked.endpoint].name;
      result.push_back((group == ranked.group ? "+" : "") + name);
      EXPECT_EQ(ranked.group, group == ranked.group ? *group : group ? *group + 1 : 0);
      group = ranked.group;
    }
    return result;
  }

  World world_;
};

TEST_F(OrderTest, SortsByDistance) {
  const PoolId pool = nearest({{at("a", 90)}, {at("b", 0)}, {at("c", 10)}});
  EXPECT_THAT(order(pool, client(0)), ElementsAre("b", "c", "a"));
  EXPECT_THAT(order(pool, client(100)), ElementsAre("a", "c", "b"));
  EXPECT_THAT(order(pool, client(-150)), ElementsAre("a", "b", "c")) << "the short way round";
}

TEST_F(OrderTest, GroupsThoseWithinFivePercentOfTheNearestOfTheGroup) {
  const PoolId pool = nearest({{at("a", 10)}, {at("b", 10.4)}, {at("c", 10.8)}, {at("d", 20)}});
  EXPECT_THAT(order(pool, client(0)), ElementsAre("a", "+b", "c", "d"))
      << "c is within 5 % of b, which is not the nearest of its group";
  EXPECT_THAT(order(pool, client(-10)), ElementsAre("a", "+b", "+c", "d"));
  EXPECT_THAT(order(pool, client(10)), ElementsAre("a", "b", "c", "d"))
      << "5 % of nothing is nothing";
}

TEST_F(OrderTest, EqualDistancesKeepTheOrderWritten) {
  const PoolId pool = nearest({{at("b", 10)}, {at("a", -10)}, {at("c", 10)}});
  EXPECT_THAT(order(pool, client(0)), ElementsAre("b", "+a", "+c"));
}

TEST_F(OrderTest, EndpointsOfUnknownPlaceComeLastEachForItself) {
  const PoolId pool =
      nearest({{world_.add("x", "192.0.2.1")}, {world_.add("y", "192.0.2.2")}, {at("a", 10)}});
  EXPECT_THAT(order(pool, client(0)), ElementsAre("a", "x", "y"));
}

TEST_F(OrderTest, BiasMakesAnEndpointNearerOrFarther) {
  EXPECT_THAT(order(nearest({{at("a", 10)}, {at("b", 14, 30)}}), client(0)), ElementsAre("b", "+a"))
      << "14 less 30 % is 9.8";
  EXPECT_THAT(order(nearest({{at("c", 10, -50)}, {at("d", 19)}}), client(0)), ElementsAre("d", "c"))
      << "10 over 50 % is 20";
  EXPECT_THAT(order(nearest({{at("e", 1)}, {at("f", 90, 99)}}), client(0)), ElementsAre("f", "e"));
}

TEST_F(OrderTest, BiasedDistanceIsAbsentWhereAPlaceIsUnknown) {
  const Endpoint& a = world_.plan[at("a", 10)];
  EXPECT_EQ(biased_distance(a, Location()), std::nullopt);
  EXPECT_EQ(biased_distance(world_.plan[world_.add("x", "192.0.2.1")], client(0)), std::nullopt);
  EXPECT_NEAR(*biased_distance(world_.plan[EndpointId{0}], client(0)), 1111.95, 0.01);
}

TEST_F(OrderTest, ClientsOfUnknownPlaceGetTheOrderWritten) {
  const PoolId pool = nearest({{at("a", 90)}, {at("b", 0)}, {at("c", 10)}});
  EXPECT_THAT(order(pool, Location()), ElementsAre("a", "b", "c"));
  world_.pool(pool).order_elsewhere = {2, 0};
  EXPECT_THAT(order(pool, Location()), ElementsAre("c", "a", "b")) << "then what is left";
  EXPECT_THAT(order(pool, client(0)), ElementsAre("b", "c", "a"));
}

TEST_F(OrderTest, AContinentAloneIsNoPlace) {
  const PoolId pool = nearest({{at("a", 90)}, {at("b", 0)}});
  world_.pool(pool).order_elsewhere = {1};
  Location asia;
  asia.continent = geo::Continent::AS;
  EXPECT_THAT(order(pool, asia), ElementsAre("b", "a"));
}

TEST_F(OrderTest, ACountryWithoutCoordinatesIsAPlaceWithoutDistances) {
  const PoolId pool = nearest({{at("a", 90)}, {at("b", 0)}});
  world_.pool(pool).order_elsewhere = {1};
  Location somewhere;
  somewhere.country = geo::CountryCode::from_text("XK");
  EXPECT_THAT(order(pool, somewhere), ElementsAre("a", "b"));
}

TEST_F(OrderTest, WhatIsWrittenForACountryComesBeforeDistance) {
  const PoolId pool = nearest({{at("a", 0)}, {at("b", 5)}, {at("c", 80)}, {at("d", 90)}});
  world_.pool(pool).order = {{"KR", {0}}, {"JP", {3, 1}}};
  EXPECT_THAT(order(pool, client(0)), ElementsAre("d", "b", "a", "c"));
  Location korea = client(0);
  korea.country = geo::CountryCode::from_text("KR");
  EXPECT_THAT(order(pool, korea), ElementsAre("a", "b", "c", "d"));
  korea.country = geo::CountryCode::from_text("CN");
  EXPECT_THAT(order(pool, korea), ElementsAre("a", "b", "c", "d"));
}

TEST_F(OrderTest, ListedMembersAreNoGroupWithOthersHoweverNear) {
  const PoolId pool = nearest({{at("a", 10)}, {at("b", 10)}, {at("c", 10)}, {at("d", 10)}});
  world_.pool(pool).order = {{"JP", {1, 0}}};
  EXPECT_THAT(order(pool, client(0)), ElementsAre("b", "a", "c", "+d"));
}

TEST_F(OrderTest, ASubdivisionsOrderComesBeforeItsCountrys) {
  const PoolId pool = nearest({{at("a", 0)}, {at("b", 5)}, {at("c", 80)}});
  world_.pool(pool).order = {{"JP", {1}}, {"JP-13", {2}}};
  Location tokyo = client(0);
  tokyo.subdivision = "JP-13";
  EXPECT_THAT(order(pool, tokyo), ElementsAre("c", "a", "b"));
  tokyo.subdivision = "JP-23";
  EXPECT_THAT(order(pool, tokyo), ElementsAre("b", "a", "c"));
  EXPECT_EQ(find_place_order(world_.pool(pool), Location()), nullptr);
}

// A member that is a pool.
class OrderOfPoolsTest : public OrderTest {
 protected:
  OrderOfPoolsTest() {
    const EndpointId a = at("a", 10);
    const EndpointId b = at("b", 50);
    const EndpointId c = at("c", 30);
    const EndpointId s = at("s", 70);
    spare_ = world_.add_pool("spare", {{s}, {a}}, Pick::All);
    inner_ = world_.add_pool("inner", {{b}, {a}}, Pick::All);
    world_.pool(inner_).then = spare_;
    outer_ = nearest({{c}, {inner_}});
  }
  PoolId spare_{}, inner_{}, outer_{};
};

TEST_F(OrderOfPoolsTest, StandsWhereItsEndpointsAreAndThoseThatItSpillsTo) {
  EXPECT_THAT(order(outer_, client(0)), ElementsAre("a", "c", "b", "s"));
  for (const Ranked& ranked : order_for(world_.plan, world_.pool(outer_),
                                        leaves_of(world_.plan, outer_, Family::V4), client(0))) {
    EXPECT_EQ(ranked.member, world_.plan[ranked.endpoint].name == "c" ? 0U : 1U);
  }
}

TEST_F(OrderOfPoolsTest, NamesAnEndpointOncePerMember) {
  world_.pool(outer_).members.push_back({world_.endpoints.at("a")});
  EXPECT_THAT(order(outer_, client(0)), ElementsAre("a", "+a", "c", "b", "s"));
}

TEST_F(OrderOfPoolsTest, LeavesOutEndpointsWithoutTheFamily) {
  world_.put_face("b", "2001:db8::1");
  const auto leaves = leaves_of(world_.plan, outer_, Family::V6);
  ASSERT_EQ(leaves.size(), 1U);
  EXPECT_EQ(leaves[0].member, 1U);
  EXPECT_EQ(leaves[0].endpoint, world_.endpoints.at("b"));
}

TEST_F(OrderOfPoolsTest, APoolThatIsListedStandsThereWithAllOfItsEndpoints) {
  world_.pool(outer_).order = {{"JP", {1}}};
  EXPECT_THAT(order(outer_, client(29)), ElementsAre("a", "b", "s", "c"));
}

}  // namespace
}  // namespace steering
