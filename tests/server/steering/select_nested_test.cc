// Pools inside pools: every pick as the outer and as the inner one.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/server/steering/select_world.h"

namespace steering {
namespace {

using health::Force;
using health::Instant;
using health::State;
using std::chrono::seconds;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSubsetOf;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;
using Texts = std::vector<std::string>;

constexpr Pick kPicks[]{Pick::All, Pick::Failover, Pick::Weighted, Pick::Nearest, Pick::Sticky};

// By longitude, east of the client: "east" has "e1" at 20 and "e2" at 30, "west" has "w1" at -40
// and "w2" at -50 degrees; "spare" has "s" at 1 degree.
class SelectNested : public SelectWorld {
 protected:
  SelectNested() {
    const auto add = [this](const char* name, const char* address, double longitude) {
      return world_.add(name, address, true, geo::Coordinates{0, longitude});
    };
    const EndpointId e1 = add("e1", "198.51.100.11", 20);
    const EndpointId e2 = add("e2", "198.51.100.12", 30);
    const EndpointId w1 = add("w1", "198.51.100.21", -40);
    const EndpointId w2 = add("w2", "198.51.100.22", -50);
    spare_ = world_.add_pool("spare", {{add("s", "198.51.100.30", 1)}}, Pick::All);
    east_ = world_.add_pool("east", {{e1}, {e2}}, Pick::All);
    west_ = world_.add_pool("west", {{w1}, {w2}}, Pick::All);
    outer_ = world_.add_pool("outer", {{west_}, {east_}}, Pick::All);
  }

  void set_picks(Pick outer, Pick inner) {
    world_.pool(outer_).pick = outer;
    world_.pool(east_).pick = inner;
    world_.pool(west_).pick = inner;
  }
  void down(std::initializer_list<const char*> names, int steady = 10) {
    for (const char* name : names) world_.set(name, State::Down, steady);
  }
  Texts outer(const Eligible& eligible = {}) { return pick_from(outer_, eligible); }

  const Texts kEast{"198.51.100.11", "198.51.100.12"};
  const Texts kWest{"198.51.100.21", "198.51.100.22"};
  PoolId spare_{}, east_{}, west_{}, outer_{};
};

bool gives_one(Pick pick) { return pick != Pick::All; }

TEST_F(SelectNested, EveryPickAsOuterAndAsInner) {
  for (const Pick outer_pick : kPicks) {
    for (const Pick inner_pick : kPicks) {
      SCOPED_TRACE(std::string(to_text(outer_pick)) + " of " + std::string(to_text(inner_pick)));
      set_picks(outer_pick, inner_pick);
      const std::size_t pools = gives_one(outer_pick) ? 1 : 2;
      const Texts chosen = outer();
      EXPECT_THAT(chosen, SizeIs(pools * (gives_one(inner_pick) ? 1 : 2)));
      if (outer_pick != Pick::All) {
        EXPECT_THAT(chosen, AnyOf(IsSubsetOf(kEast), IsSubsetOf(kWest)));
      }
      EXPECT_THAT(picks_, SizeIs(pools + chosen.size())) << "pools are taken as well";
    }
  }
}

TEST_F(SelectNested, EveryPickLeavesOutAPoolWithNobodyHealthy) {
  down({"w1", "w2", "e2"});
  for (const Pick outer_pick : kPicks) {
    for (const Pick inner_pick : kPicks) {
      set_picks(outer_pick, inner_pick);
      EXPECT_THAT(outer(), ElementsAre("198.51.100.11"))
          << to_text(outer_pick) << " of " << to_text(inner_pick);
    }
  }
}

TEST_F(SelectNested, EveryPickTakesPoolsThatAreTooWeakOnlyWhereNoOtherIs) {
  for (const PoolId pool : {east_, west_}) world_.pool(pool).min_healthy = 2;
  for (const Pick outer_pick : kPicks) {
    SCOPED_TRACE(to_text(outer_pick));
    set_picks(outer_pick, Pick::All);
    down({"w1"});
    world_.set("e1", State::Up);
    EXPECT_EQ(outer(), kEast) << "west has too few";
    down({"e1"});
    const Texts weak = outer();
    EXPECT_THAT(weak, SizeIs(outer_pick == Pick::All ? 2 : 1));
    EXPECT_THAT(weak, IsSubsetOf({"198.51.100.22", "198.51.100.12"}));
  }
}

TEST_F(SelectNested, EveryPickFollowsThenInsideAMember) {
  world_.pool(west_).min_healthy = 2;
  world_.pool(west_).then = spare_;
  down({"e1", "e2", "w1"});
  for (const Pick outer_pick : kPicks) {
    set_picks(outer_pick, Pick::All);
    EXPECT_THAT(outer(), ElementsAre("198.51.100.30")) << to_text(outer_pick);
  }
}

TEST_F(SelectNested, AllUnitesTheMembersOfPools) {
  EXPECT_THAT(outer(),
              ElementsAre("198.51.100.21", "198.51.100.22", "198.51.100.11", "198.51.100.12"));
  world_.pool(outer_).max = 3;
  EXPECT_THAT(outer(), ElementsAre("198.51.100.21", "198.51.100.22", "198.51.100.11"));
  world_.pool(west_).max = 1;
  EXPECT_THAT(outer(), ElementsAre("198.51.100.21", "198.51.100.11", "198.51.100.12"));
}

TEST_F(SelectNested, FailoverGoesToTheNextPool) {
  set_picks(Pick::Failover, Pick::All);
  EXPECT_EQ(outer(), kWest);
  down({"w1"});
  EXPECT_THAT(outer(), ElementsAre("198.51.100.22"));
  down({"w2"});
  EXPECT_EQ(outer(), kEast);
}

TEST_F(SelectNested, FailoverFillsMaxFromTheNextPool) {
  set_picks(Pick::Failover, Pick::Failover);
  world_.pool(outer_).max = 2;
  EXPECT_THAT(outer(), ElementsAre("198.51.100.21", "198.51.100.11"))
      << "one of each: that is what failover gives";
  world_.pool(west_).max = 2;
  EXPECT_EQ(outer(), kWest);
}

TEST_F(SelectNested, NearestTakesAPoolForAsFarAwayAsItsNearestHealthyEndpoint) {
  set_picks(Pick::Nearest, Pick::All);
  EXPECT_EQ(outer(), kEast);
  down({"e1"});
  EXPECT_THAT(outer(), ElementsAre("198.51.100.12")) << "30 degrees are less than 40";
  down({"e2"});
  EXPECT_EQ(outer(), kWest);
}

TEST_F(SelectNested, NearestMeasuresAPoolByThoseThatServe) {
  set_picks(Pick::Nearest, Pick::All);
  world_.pool(west_).then = spare_;
  EXPECT_EQ(outer(), kEast) << "s is nearest of all, and west does not spill";
  const Eligible anyone{Eligible::By::Anyone, {}};
  EXPECT_EQ(outer(anyone), kEast) << "nor does it where health is not asked";
  down({"w1", "w2"});
  EXPECT_THAT(outer(), ElementsAre("198.51.100.30"));
}

TEST_F(SelectNested, NearestMeasuresAPoolByThoseThatServeHoweverDeep) {
  const PoolId deep = world_.add_pool("deep", {{world_.endpoints.at("w1")}}, Pick::All);
  world_.pool(deep).then = spare_;
  world_.pool(west_).members = {{deep}, {world_.endpoints.at("w2")}};
  set_picks(Pick::Nearest, Pick::All);
  EXPECT_EQ(outer(), kEast);
  down({"w1"});
  EXPECT_THAT(outer(), ElementsAre("198.51.100.30", "198.51.100.22"));
}

TEST_F(SelectNested, NearestRestsOnWhatKeepsANearerPoolFromServing) {
  set_picks(Pick::Nearest, Pick::All);
  world_.pool(east_).min_healthy = 2;
  world_.set("e2", State::Down, 5);
  EXPECT_EQ(outer(), kWest);
  EXPECT_EQ(steadiness_.time, seconds(5)) << "with e2 east has enough";
  world_.set("e2", State::Up, 30);
  world_.pool(west_).then = spare_;
  world_.set("w1", State::Failing, 3);
  EXPECT_EQ(outer(), kEast);
  EXPECT_EQ(steadiness_.time, seconds(3)) << "without w1 and w2 it would be s";
}

TEST_F(SelectNested, PicksThatStopEarlyRestOnPoolsThatWerePassedOver) {
  set_picks(Pick::Failover, Pick::All);
  world_.pool(west_).then = spare_;
  down({"w1", "w2", "s"}, 20);
  world_.set("s", State::Recovering, 4);
  EXPECT_EQ(outer(), kEast);
  EXPECT_EQ(steadiness_.time, seconds(4)) << "s would bring west back";
  world_.set("w1", State::Up);
  EXPECT_THAT(outer(), ElementsAre("198.51.100.21"));
  EXPECT_EQ(steadiness_.time, seconds(10)) << "of w1; s plays no part";
}

TEST_F(SelectNested, DrainedAndForcedMembersOfPoolsAreAsAnywhere) {
  world_.standing("w1").force = Force::Drained;
  world_.standing("e1").force = Force::Down;
  EXPECT_THAT(outer(), ElementsAre("198.51.100.22", "198.51.100.12"));
  world_.standing("w2").force = Force::Drained;
  EXPECT_THAT(outer(), ElementsAre("198.51.100.12"));
  down({"e2"});
  world_.standing("e2").force = Force::Up;
  EXPECT_THAT(outer(), ElementsAre("198.51.100.12"));
}

TEST_F(SelectNested, AnAddressReachedTwiceIsNamedOnceAndLeavesRoom) {
  world_.pool(east_).members.push_back({world_.endpoints.at("w1")});
  EXPECT_THAT(outer(),
              ElementsAre("198.51.100.21", "198.51.100.22", "198.51.100.11", "198.51.100.12"));
  world_.pool(east_).members.insert(world_.pool(east_).members.begin(),
                                    {world_.endpoints.at("w1")});
  world_.pool(outer_).max = 3;
  EXPECT_THAT(outer(), ElementsAre("198.51.100.21", "198.51.100.22", "198.51.100.11"));
}

TEST_F(SelectNested, APoolThatIsAMemberTwiceOverIsTakenAsOne) {
  const PoolId left = world_.add_pool("left", {{east_}}, Pick::All);
  const PoolId right = world_.add_pool("right", {{east_}, {west_}}, Pick::All);
  const PoolId both = world_.add_pool("both", {{left}, {right}}, Pick::All);
  for (const Pick pick : kPicks) {
    world_.pool(both).pick = pick;
    world_.pool(both).max = 9;
    EXPECT_THAT(pick_from(both), UnorderedElementsAre("198.51.100.11", "198.51.100.12",
                                                      "198.51.100.21", "198.51.100.22"))
        << to_text(pick);
  }
}

TEST_F(SelectNested, WithoutHealthPoolsDoNotSpill) {
  for (const PoolId pool : {east_, west_}) world_.pool(pool).then = spare_;
  down({"e1", "e2", "w1", "w2"});
  const Eligible anyone{Eligible::By::Anyone, {}};
  for (const Pick pick : kPicks) {
    set_picks(pick, Pick::All);
    EXPECT_THAT(outer(anyone), testing::Not(Contains("198.51.100.30"))) << to_text(pick);
    EXPECT_THAT(outer(anyone), testing::Not(IsEmpty())) << to_text(pick);
  }
}

// The same through rules and policies.
class NestedLastResort : public SelectNested {
 protected:
  NestedLastResort() {
    record_ = world_.add_record(outer_);
    down({"e1", "e2", "w1", "w2"});
    int when = 100;
    for (const char* name : {"e1", "e2", "w1", "w2"}) {
      world_.standing(name).fell = Instant{} + seconds(when += 50);
      world_.standing(name).beat = seconds(5);
    }
  }
  DynamicRecord& record() { return world_.plan.records[0]; }
  Texts answer() {
    const Decision decision = world_.decide(record_);
    last_resort_ = decision.last_resort;
    return texts(decision);
  }

  zones::DynamicId record_{};
  bool last_resort_ = false;
};

TEST_F(NestedLastResort, AllServesEverybodyInsideButThoseTakenOut) {
  EXPECT_THAT(answer(),
              ElementsAre("198.51.100.21", "198.51.100.22", "198.51.100.11", "198.51.100.12"));
  EXPECT_TRUE(last_resort_);
  world_.standing("w1").force = Force::Drained;
  world_.standing("e1").force = Force::Down;
  EXPECT_THAT(answer(), ElementsAre("198.51.100.22", "198.51.100.12"));
  world_.standing("w2").force = Force::Down;
  EXPECT_THAT(answer(), ElementsAre("198.51.100.12")) << "nobody of west is left";
  world_.standing("e2").force = Force::Down;
  EXPECT_THAT(answer(), ElementsAre("198.51.100.21")) << "the drained one comes back first";
}

TEST_F(NestedLastResort, LastHealthyLooksInsideAllPools) {
  record().all_down = AllDown::LastHealthy;
  EXPECT_THAT(answer(), ElementsAre("198.51.100.22"));
  world_.standing("e2").fell = world_.standing("w2").fell - seconds(5);
  EXPECT_THAT(answer(), ElementsAre("198.51.100.22", "198.51.100.12"));
}

TEST_F(NestedLastResort, AFallbackPoolMayHavePools) {
  record().all_down = AllDown::Fallback;
  const PoolId far = world_.add_pool("far", {{spare_}, {east_}}, Pick::All);
  record().fallback.pool = far;
  EXPECT_THAT(answer(), ElementsAre("198.51.100.30"));
  down({"s"});
  EXPECT_THAT(answer(), ElementsAre("198.51.100.30", "198.51.100.11", "198.51.100.12"));
}

TEST_F(NestedLastResort, AFallbackPoolServesItsWeakPoolsWhereNoOtherIs) {
  record().all_down = AllDown::Fallback;
  const EndpointId t = world_.add("t", "198.51.100.31");
  const EndpointId u = world_.add("u", "198.51.100.32");
  const EndpointId v = world_.add("v", "198.51.100.33");
  const PoolId weak = world_.add_pool("weak", {{t}, {u}}, Pick::All);
  const PoolId also = world_.add_pool("also", {{world_.endpoints.at("s")}, {v}}, Pick::All);
  record().fallback.pool = world_.add_pool("far", {{weak}, {also}}, Pick::Failover);
  for (const PoolId pool : {weak, also}) world_.pool(pool).min_healthy = 2;
  for (const char* name : {"e1", "e2", "w1", "w2", "u"}) world_.set(name, State::Down, 50);
  world_.set("v", State::Down, 20);
  EXPECT_THAT(answer(), ElementsAre("198.51.100.31"));
  EXPECT_EQ(world_.decide(record_).ttl, dnswire::Ttl(20)) << "with v the other one has enough";
  world_.set("v", State::Up);
  EXPECT_THAT(answer(), ElementsAre("198.51.100.30", "198.51.100.33"));
}

TEST_F(NestedLastResort, APoolBehindOfPoolsServesBeforeAnyLastResort) {
  world_.pool(outer_).then = world_.add_pool("behind", {{spare_}}, Pick::Nearest);
  EXPECT_THAT(answer(), ElementsAre("198.51.100.30"));
  EXPECT_FALSE(last_resort_);
  EXPECT_EQ(world_.decide(record_).ttl, dnswire::Ttl(10));
}

TEST_F(NestedLastResort, MinHealthyCountsPools) {
  world_.pool(outer_).then = spare_;
  world_.pool(outer_).min_healthy = 2;
  world_.set("w1", State::Up);
  EXPECT_THAT(answer(), ElementsAre("198.51.100.30")) << "west alone is one member";
  world_.set("e1", State::Up);
  EXPECT_THAT(answer(), ElementsAre("198.51.100.21", "198.51.100.11"));
}

TEST_F(NestedLastResort, UntilCheckedWaitsForThoseInside) {
  record().until_checked.addresses = {ip("198.51.100.99")};
  world_.set("w2", State::Unknown, 0);
  EXPECT_THAT(answer(), ElementsAre("198.51.100.99"));
  EXPECT_TRUE(world_.decide(record_).unchecked);
  world_.set("e1", State::Up);
  EXPECT_FALSE(world_.decide(record_).unchecked);
}

TEST_F(NestedLastResort, UntilCheckedEndsWithThoseThatInnerPoolsSpillTo) {
  record().until_checked.addresses = {ip("198.51.100.99")};
  world_.pool(west_).then = spare_;
  world_.set("w2", State::Unknown, 0);
  EXPECT_FALSE(world_.decide(record_).unchecked) << "s is known to be up";
}

TEST_F(NestedLastResort, EveryPolicyHasTheScopeOfEveryPoolBelow) {
  record().fallback.pool = world_.add_pool("far", {{spare_}}, Pick::Sticky);
  EXPECT_EQ(world_.decide(record_).scope, 0) << "one member: nothing to choose";
  world_.pool(*record().fallback.pool).members.push_back({east_});
  EXPECT_EQ(world_.decide(record_).scope, 24);
  world_.pool(*record().fallback.pool).sticky_bits = {12, 40};
  EXPECT_EQ(world_.decide(record_).scope, 12);
  world_.pool(west_).pick = Pick::Sticky;
  EXPECT_EQ(world_.decide(record_).scope, 24) << "the longest of all";
  EXPECT_EQ(world_.decide(record_, dnswire::Family::V4, "2a00::1").scope, 56);
}

}  // namespace
}  // namespace steering
