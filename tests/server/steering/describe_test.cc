#include "server/steering/describe.h"

#include <gmock/gmock.h>

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
  record().fallback = {{ip("192.0.2.9")}, {}};
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

}  // namespace
}  // namespace steering
