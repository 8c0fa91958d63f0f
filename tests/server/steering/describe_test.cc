#include "server/steering/describe.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using health::Force;
using health::Instant;
using health::State;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::StrEq;

// Two endpoints that are down, the second fell last; a spare pool that is up.
class Describe : public testing::Test {
 protected:
  Describe() {
    const EndpointId a = world_.add("a", "192.0.2.1");
    const EndpointId b = world_.add("b", "192.0.2.2");
    const EndpointId c = world_.add("c", "192.0.2.3");
    first_ = world_.add_pool("first", {{a}, {b}}, Pick::All);
    spare_ = world_.add_pool("spare", {{c}}, Pick::All);
    record_ = world_.add_record(first_);
    for (const char* name : {"a", "b"}) {
      world_.set(name, State::Down);
      world_.standing(name).beat = seconds(5);
    }
    world_.standing("a").fell = Instant{} + seconds(50);
    world_.standing("b").fell = Instant{} + seconds(100);
  }

  DynamicRecord& record() { return world_.plan.records[0]; }
  Trace trace() {
    Trace trace;
    std::ignore = world_.decide(record_, Family::V4, "192.0.2.1", &trace);
    return trace;
  }
  static std::vector<std::string> whys(const Trace::VisitedPool& pool) {
    std::vector<std::string> result;
    for (const Trace::Member& member : pool.members) result.push_back(member.why);
    return result;
  }

  World world_;
  PoolId first_{}, spare_{};
  zones::DynamicId record_{};
};

TEST_F(Describe, All) {
  EXPECT_EQ(trace().instead, "nobody is healthy, so all_down: all serves as if all were up");
  EXPECT_THAT(whys(trace().pools.at(0)), ElementsAre("served as if up", "served as if up"));
  EXPECT_FALSE(trace().heeds_health);
}

TEST_F(Describe, AllSaysWhoIsForcedOut) {
  world_.standing("a").force = Force::Drained;
  EXPECT_THAT(whys(trace().pools.at(0)), ElementsAre("is drained", "served as if up"));
  world_.standing("b").force = Force::Down;
  EXPECT_THAT(whys(trace().pools.at(0)), ElementsAre("served as if up", "is forced-down"));
  EXPECT_EQ(trace().instead,
            "nobody is healthy, so all_down: all serves as if all were up: those that are drained, "
            "nobody else is left");
}

TEST_F(Describe, LastHealthy) {
  record().all_down = AllDown::LastHealthy;
  EXPECT_EQ(trace().instead,
            "nobody is healthy, so all_down: last_healthy serves those that were the last to fall");
  EXPECT_THAT(whys(trace().pools.at(0)), ElementsAre("fell earlier", "among the last to fall"));
  world_.standing("a").fell = {};
  EXPECT_THAT(whys(trace().pools.at(0)),
              ElementsAre("never was healthy", "among the last to fall"));
  world_.standing("b").fell = {};
  EXPECT_EQ(trace().instead,
            "nobody is healthy, so all_down: last_healthy serves as if all were up, for nobody "
            "ever was healthy");
}

TEST_F(Describe, Fallback) {
  record().all_down = AllDown::Fallback;
  record().fallback.pool = spare_;
  const Trace healthy = trace();
  EXPECT_EQ(healthy.instead, "nobody is healthy, so all_down: fallback serves pool spare");
  ASSERT_EQ(healthy.pools.size(), 2U);
  EXPECT_FALSE(healthy.pools[0].serves || healthy.pools[0].stands_in);
  EXPECT_THAT(whys(healthy.pools[0]), ElementsAre("is down", "is down"));
  EXPECT_TRUE(healthy.pools[1].serves && healthy.pools[1].stands_in);
  EXPECT_THAT(whys(healthy.pools[1]), ElementsAre("every healthy member is served"));
  EXPECT_TRUE(healthy.heeds_health);
  world_.set("c", State::Down);
  EXPECT_EQ(trace().instead,
            "nobody is healthy, so all_down: fallback serves pool spare, where nobody is healthy "
            "either, as if all were up");
  EXPECT_FALSE(trace().heeds_health);
  record().fallback = {{ip("192.0.2.9")}, {}, {}};
  EXPECT_EQ(trace().instead, "nobody is healthy, so all_down: fallback serves fixed addresses");
  EXPECT_EQ(trace().pools.size(), 1U);
}

TEST_F(Describe, NoDataAndServFail) {
  record().all_down = AllDown::NoData;
  EXPECT_EQ(trace().instead,
            "nobody is healthy, so all_down: nodata denies that there are addresses");
  record().all_down = AllDown::ServFail;
  EXPECT_EQ(trace().instead,
            "nobody is healthy, so all_down: servfail sends resolvers to another name server");
  EXPECT_THAT(whys(trace().pools.at(0)), ElementsAre("is down", "is down"));
}

TEST_F(Describe, UntilChecked) {
  for (const char* name : {"a", "b"}) world_.set(name, State::Unknown, 0);
  record().until_checked.pool = spare_;
  const Trace waiting = trace();
  EXPECT_EQ(waiting.instead,
            "nobody is known to be up and somebody has no verdict yet, so until_checked serves "
            "pool spare as if all were up");
  ASSERT_EQ(waiting.pools.size(), 2U);
  EXPECT_THAT(whys(waiting.pools[0]),
              ElementsAre("its pool does not serve", "its pool does not serve"));
  EXPECT_THAT(whys(waiting.pools[1]), ElementsAre("served as if up"));
  EXPECT_EQ(waiting.ttl_because, "a has no verdict yet: ttl_min");
}

TEST_F(Describe, SaysNothingInsteadOfHealth) {
  world_.set("a", State::Up);
  world_.standing("b").force = Force::Drained;
  EXPECT_THAT(trace().instead, StrEq(""));
  EXPECT_TRUE(trace().heeds_health);
  EXPECT_THAT(whys(trace().pools.at(0)),
              ElementsAre("every healthy member is served", "is drained"));
}

TEST_F(Describe, SaysWhichOverrideLimitsTheTtl) {
  world_.set("a", State::Up);
  world_.standing("b").force = Force::Drained;
  world_.standing("b").cap = seconds(7);
  EXPECT_EQ(trace().ttl_because, "the override of b says so");
  world_.standing("b").cap = seconds(70);
  EXPECT_EQ(trace().ttl_because, "a can change in 10s at the earliest");
}

TEST_F(Describe, SaysWhereTheScopeComesFrom) {
  EXPECT_EQ(trace().scope_because, "every client gets the same");
  Rule rule;
  rule.nets = {net("192.0.2.0/24")};
  rule.pool = spare_;
  record().rules.insert(record().rules.begin(), rule);
  EXPECT_EQ(trace().scope_because, "the widest network around the client that is led alike");
  world_.set("a", State::Up);
  record().rules.erase(record().rules.begin());
  world_.pool(first_).pick = Pick::Sticky;
  EXPECT_EQ(trace().scope_because, "a sticky pool looks at so many bits");
  EXPECT_THAT(whys(trace().pools.at(0)),
              ElementsAre("highest score for the client's network", "is down"));
}

TEST_F(Describe, SaysWhichAddressesOfAnEndpointAreServed) {
  world_.put_face("a", "192.0.2.11");
  const Trace::Member a = trace().pools.at(0).members.at(0);
  ASSERT_EQ(a.addresses.size(), 2U);
  EXPECT_FALSE(a.addresses[0].chosen);
  EXPECT_EQ(a.addresses[0].standing.state, State::Down);
  EXPECT_TRUE(a.addresses[1].chosen);
  EXPECT_TRUE(a.chosen);
}

TEST_F(Describe, SaysTheWeightThatCounts) {
  world_.standing("a").weight = 7;
  EXPECT_EQ(trace().pools.at(0).members.at(0).weight, 7U);
  EXPECT_EQ(trace().pools.at(0).members.at(1).weight, 1U);
}

TEST_F(Describe, Targets) {
  record().all_down = AllDown::Fallback;
  record().fallback.target = Target{*dnswire::Name::from_text("far.example.net."), {}};
  EXPECT_EQ(trace().instead, "nobody is healthy, so all_down: fallback serves far.example.net.");
}

// "outer" has the pools "west" (of "a" and "b") and "east" (of "c" and "d"); "west" spills to
// "far" (of "e"). The client is 10 degrees from "c", 20 from "a", 5 from "e".
class DescribeNested : public Describe {
 protected:
  DescribeNested() {
    const EndpointId d = world_.add("d", "192.0.2.4");
    const EndpointId e = world_.add("e", "192.0.2.5");
    at("a", -20);
    at("b", -30);
    at("c", 10);
    at("e", 5);
    for (const char* name : {"a", "b"}) world_.set(name, State::Up);
    world_.pool(first_).name = "west";
    east_ = world_.add_pool("east", {{world_.endpoints.at("c")}, {d}}, Pick::Failover);
    far_ = world_.add_pool("far", {{e}}, Pick::All);
    world_.pool(first_).then = far_;
    outer_ = world_.add_pool("outer", {{first_}, {east_}}, Pick::Failover);
    record().rules[0].pool = outer_;
    geo::Location location;
    location.country = geo::CountryCode::from_text("JP");
    location.coordinates = geo::Coordinates{0, 0};
    world_.map = map_of({{net("192.0.2.0/24"), location}});
  }
  void at(const char* name, double longitude) {
    world_.plan.endpoints[static_cast<std::size_t>(world_.endpoints.at(name))].at =
        geo::Coordinates{0, longitude};
  }
  // Of the outer pool's members.
  std::vector<std::string> outer() { return whys(trace().pools.at(0)); }
  // "west", "far serves": the pools of the outer pool's first member.
  std::vector<std::string> west() {
    std::vector<std::string> result;
    const Trace nested = trace();
    for (const Trace::VisitedPool& pool : nested.pools.at(0).members.at(0).pools) {
      result.push_back(world_.plan[pool.pool].name + (pool.serves ? " serves" : ""));
    }
    return result;
  }
  PoolId east_{}, far_{}, outer_{};
};

TEST_F(DescribeNested, ShowsThePoolsBelowAMember) {
  EXPECT_THAT(outer(), ElementsAre("first healthy in order", "healthy, but later in order"));
  EXPECT_THAT(west(), ElementsAre("west serves"));
  const Trace nested = trace();
  const Trace::Member& west = nested.pools.at(0).members.at(0);
  EXPECT_FALSE(west.endpoint);
  EXPECT_TRUE(west.chosen);
  EXPECT_THAT(whys(west.pools.at(0)),
              ElementsAre("every healthy member is served", "every healthy member is served"));
  const Trace::Member& east = nested.pools.at(0).members.at(1);
  EXPECT_FALSE(east.chosen);
  EXPECT_THAT(whys(east.pools.at(0)),
              ElementsAre("its pool does not serve", "its pool does not serve"));
  EXPECT_EQ(nested.pools.at(0).healthy, 2U);
}

TEST_F(DescribeNested, ShowsWhereAMemberSpillsTo) {
  for (const char* name : {"a", "b"}) world_.set(name, State::Down);
  EXPECT_THAT(west(), ElementsAre("west", "far serves"));
  EXPECT_THAT(outer(), ElementsAre("first healthy in order", "healthy, but later in order"));
  world_.set("e", State::Down);
  EXPECT_THAT(west(), ElementsAre("west", "far"));
  EXPECT_THAT(outer(), ElementsAre("nobody of it is healthy", "first healthy in order"));
}

TEST_F(DescribeNested, SaysThatAMemberIsTooWeak) {
  world_.pool(first_).min_healthy = 2;
  world_.pool(first_).then.reset();
  world_.set("a", State::Down);
  EXPECT_THAT(outer(), ElementsAre("too few of it are healthy", "first healthy in order"));
  for (const char* name : {"c", "d"}) world_.set(name, State::Down);
  EXPECT_THAT(outer(), ElementsAre("first healthy in order", "nobody of it is healthy"));
}

TEST_F(DescribeNested, SaysThatAMemberLacksTheFamily) {
  world_.put_face("c", "2001:db8::3");
  Trace trace;
  std::ignore = world_.decide(record_, Family::V6, "192.0.2.1", &trace);
  EXPECT_THAT(whys(trace.pools.at(0)),
              ElementsAre("no address of this family", "first healthy in order"));
}

TEST_F(DescribeNested, NearestSaysHowFarAPoolIs) {
  world_.pool(outer_).pick = Pick::Nearest;
  EXPECT_THAT(outer(), ElementsAre("healthy, but farther away", "nearest"));
  const auto km = [this](std::size_t member) {
    return std::lround(trace().pools.at(0).members.at(member).distance.value_or(-1));
  };
  EXPECT_EQ(km(0), 2224) << "a's, for e does not serve";
  EXPECT_EQ(km(1), 1112);
  for (const char* name : {"a", "b"}) world_.set(name, State::Down);
  EXPECT_EQ(km(0), 556);
  EXPECT_THAT(outer(), ElementsAre("nearest", "healthy, but farther away"));
}

TEST_F(DescribeNested, NearestSaysWhoseOrderWasFollowed) {
  world_.pool(outer_).pick = Pick::Nearest;
  world_.pool(outer_).order = {{"JP", {0, 1}}};
  EXPECT_THAT(outer(), ElementsAre("first healthy in the order for JP",
                                   "healthy, but later in the order for JP"));
  world_.pool(outer_).order = {{"JP", {0}}};
  EXPECT_THAT(outer(),
              ElementsAre("first healthy in the order for JP", "healthy, but farther away"));
  world_.map = {};
  EXPECT_THAT(outer(), ElementsAre("no distance known, first healthy in order",
                                   "healthy, but later in order"));
  world_.pool(outer_).order_elsewhere = {1};
  EXPECT_THAT(outer(), ElementsAre("healthy, but later in order",
                                   "first healthy in the order for unknown places"));
}

TEST_F(DescribeNested, TheLastResortShowsWhoIsServedInside) {
  for (const char* name : {"a", "b", "c", "d", "e"}) world_.set(name, State::Down);
  EXPECT_THAT(outer(), ElementsAre("served as if up", "later in order"));
  EXPECT_THAT(west(), ElementsAre("west serves")) << "pools do not spill then";
  for (const char* name : {"a", "b"}) world_.standing(name).force = Force::Down;
  EXPECT_THAT(outer(), ElementsAre("nobody of it may be served", "served as if up"));
}

TEST_F(DescribeNested, WherePoolsDoNotServeThoseInsideDoNeither) {
  for (const char* name : {"a", "b", "c", "d", "e"}) world_.set(name, State::Unknown, 0);
  record().until_checked.pool = far_;
  EXPECT_THAT(outer(), ElementsAre("its pool does not serve", "its pool does not serve"));
  EXPECT_THAT(west(), ElementsAre("west"));
}

TEST_F(DescribeNested, TheTtlIsThatOfSomebodyInside) {
  world_.set("b", State::Failing, 6);
  EXPECT_EQ(trace().ttl_because, "b can change in 6s at the earliest");
}

}  // namespace
}  // namespace steering
