// Every policy for the moment when nobody is healthy, by family, by rule, by what operators said.
#include <gmock/gmock.h>

#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using health::Force;
using health::Instant;
using health::State;
using std::chrono::seconds;
using testing::UnorderedElementsAreArray;
using Texts = std::vector<std::string>;

// What operators said of the two members of a pool.
enum class Forced {
  Nobody,
  FirstDrained,
  FirstDown,
  BothDrained,
  FirstDownSecondDrained,
  BothDown,
};
constexpr std::initializer_list<Forced> kForced{
    Forced::Nobody,      Forced::FirstDrained,           Forced::FirstDown,
    Forced::BothDrained, Forced::FirstDownSecondDrained, Forced::BothDown};

std::pair<Force, Force> forces(Forced forced) {
  switch (forced) {
    case Forced::Nobody:
      return {Force::None, Force::None};
    case Forced::FirstDrained:
      return {Force::Drained, Force::None};
    case Forced::FirstDown:
      return {Force::Down, Force::None};
    case Forced::BothDrained:
      return {Force::Drained, Force::Drained};
    case Forced::FirstDownSecondDrained:
      return {Force::Down, Force::Drained};
    case Forced::BothDown:
      return {Force::Down, Force::Down};
  }
  return {};
}

// Two rules, each with a pool of two: one for a network, one for everybody else. The first member
// of each has both families, the second both or IPv4 alone. Nobody is healthy; the first fell last.
class AllDownTest : public testing::Test {
 protected:
  void build(bool second_has_both, Forced forced) {
    world_ = World();
    const PoolId hit = add_pool("hit", "1", second_has_both);
    const PoolId miss = add_pool("miss", "2", second_has_both);
    spare_ = world_.add_pool("spare", {{world_.add("spare", "192.0.2.30")}}, Pick::All);
    world_.put_face("spare", "2001:db8::30");
    record_ = world_.add_record(miss);
    Rule rule;
    rule.nets = {net("198.51.100.0/24")};
    rule.pool = hit;
    record().rules.insert(record().rules.begin(), rule);
    for (const char* pool : {"1", "2"}) {
      for (const Family family : {Family::V4, Family::V6}) {
        fall(std::string("first") + pool, family, 100, forces(forced).first);
        if (second_has_both || family == Family::V4) {
          fall(std::string("second") + pool, family, 50, forces(forced).second);
        }
      }
    }
  }

  // The addresses end in 11 and 12 for the pool of the network, 21 and 22 for the other.
  PoolId add_pool(const char* name, const std::string& number, bool second_has_both) {
    const EndpointId first = add("first" + number, number + "1", true);
    const EndpointId second = add("second" + number, number + "2", second_has_both);
    return world_.add_pool(name, {{first}, {second}}, Pick::All);
  }
  EndpointId add(const std::string& name, const std::string& end, bool both) {
    const EndpointId id = world_.add(name, ("192.0.2." + end).c_str());
    if (both) world_.put_face(name, ("2001:db8::" + end).c_str());
    return id;
  }
  void fall(const std::string& name, Family family, int when, Force force) {
    world_.set(name, State::Down, 10, family);
    health::Standing& standing = world_.standing(name, family);
    standing.fell = Instant{} + seconds(when);
    standing.beat = seconds(5);
    standing.force = force;
  }

  DynamicRecord& record() { return world_.plan.records[0]; }

  Decision decide(Family family, bool hit) {
    return world_.decide(record_, family, hit ? "198.51.100.7" : "203.0.113.7");
  }

  // "12" → what ends in 1 and 2, of the family and of the pool of the rule.
  static Texts expected(const std::string& ends, Family family, bool hit) {
    Texts texts;
    for (const char end : ends) {
      texts.push_back((family == Family::V6 ? "2001:db8::" : "192.0.2.") +
                      std::string(hit ? "1" : "2") + end);
    }
    return texts;
  }

  World world_;
  PoolId spare_{};
  zones::DynamicId record_{};
};

struct Row {
  Forced forced;
  const char* all;           // who is served by `all`
  const char* last_healthy;  // by `last_healthy`
};

TEST_F(AllDownTest, MembersOfBothFamilies) {
  const Row rows[]{
      {Forced::Nobody, "12", "1"},
      {Forced::FirstDrained, "2", "2"},
      {Forced::FirstDown, "2", "2"},
      {Forced::BothDrained, "12", "1"},
      {Forced::FirstDownSecondDrained, "2", "2"},
      {Forced::BothDown, "12", "1"},
  };
  for (const Row& row : rows) {
    for (const Family family : {Family::V4, Family::V6}) {
      for (const bool hit : {true, false}) {
        SCOPED_TRACE(testing::Message() << "forced " << static_cast<int>(row.forced) << ", family "
                                        << static_cast<int>(family) << ", hit " << hit);
        build(true, row.forced);
        record().all_down = AllDown::All;
        const Decision all = decide(family, hit);
        EXPECT_EQ(texts(all), expected(row.all, family, hit));
        EXPECT_TRUE(all.last_resort);
        record().all_down = AllDown::LastHealthy;
        const Decision last = decide(family, hit);
        EXPECT_EQ(texts(last), expected(row.last_healthy, family, hit));
        EXPECT_TRUE(last.last_resort);
      }
    }
  }
}

TEST_F(AllDownTest, MembersOfOneFamilyAreJudgedWithoutTheOthers) {
  const Row rows[]{
      {Forced::Nobody, "1", "1"},    {Forced::FirstDrained, "1", "1"},
      {Forced::FirstDown, "1", "1"}, {Forced::BothDrained, "1", "1"},
      {Forced::BothDown, "1", "1"},  {Forced::FirstDownSecondDrained, "1", "1"},
  };
  for (const Row& row : rows) {
    for (const bool hit : {true, false}) {
      SCOPED_TRACE(testing::Message()
                   << "forced " << static_cast<int>(row.forced) << ", hit " << hit);
      build(false, row.forced);
      record().all_down = AllDown::All;
      EXPECT_EQ(texts(decide(Family::V6, hit)), expected(row.all, Family::V6, hit))
          << "the only one of its family is there, whoever forced it out";
      record().all_down = AllDown::LastHealthy;
      EXPECT_EQ(texts(decide(Family::V6, hit)), expected(row.last_healthy, Family::V6, hit));
    }
  }
}

TEST_F(AllDownTest, FixedAddressesHeedNeitherHealthNorOverrides) {
  for (const Forced forced : kForced) {
    for (const bool hit : {true, false}) {
      build(true, forced);
      record().all_down = AllDown::Fallback;
      record().fallback.addresses = {ip("192.0.2.98"), ip("2001:db8::98"), ip("192.0.2.97")};
      EXPECT_EQ(texts(decide(Family::V4, hit)), (Texts{"192.0.2.98", "192.0.2.97"}));
      EXPECT_EQ(texts(decide(Family::V6, hit)), Texts{"2001:db8::98"});
      record().fallback.addresses.erase(record().fallback.addresses.begin() + 1);
      const Decision none = decide(Family::V6, hit);
      EXPECT_EQ(texts(none), Texts{});
      EXPECT_TRUE(none.last_resort);
      EXPECT_FALSE(none.servfail);
      EXPECT_EQ(none.ttl, dnswire::Ttl(10)) << "who comes back brings the family back";
    }
  }
}

TEST_F(AllDownTest, AFallbackPoolServesItsHealthyMembersOrElseAll) {
  for (const Forced forced : kForced) {
    for (const Family family : {Family::V4, Family::V6}) {
      build(true, forced);
      record().all_down = AllDown::Fallback;
      record().fallback.pool = spare_;
      const Texts spare{family == Family::V6 ? "2001:db8::30" : "192.0.2.30"};
      const Decision healthy = decide(family, true);
      EXPECT_EQ(texts(healthy), spare);
      EXPECT_TRUE(healthy.last_resort);
      world_.set("spare", State::Down, 3, family);
      const Decision down = decide(family, true);
      EXPECT_EQ(texts(down), spare);
      EXPECT_EQ(down.ttl, dnswire::Ttl(5)) << "rests on the fallback pool as well; ttl_min";
    }
  }
}

TEST_F(AllDownTest, AFallbackPoolLeavesOutItsUnhealthyMembers) {
  build(true, Forced::Nobody);
  world_.pool(spare_).members.push_back({world_.add("spare2", "192.0.2.31")});
  record().all_down = AllDown::Fallback;
  record().fallback.pool = spare_;
  EXPECT_EQ(texts(decide(Family::V4, true)), (Texts{"192.0.2.30", "192.0.2.31"}));
  EXPECT_EQ(texts(decide(Family::V6, true)), Texts{"2001:db8::30"});
  world_.set("spare", State::Down);
  EXPECT_EQ(texts(decide(Family::V4, true)), Texts{"192.0.2.31"});
}

TEST_F(AllDownTest, AFallbackPoolThatLacksTheFamilyLeavesNone) {
  build(true, Forced::Nobody);
  world_.faces("spare", Family::V6).clear();
  record().all_down = AllDown::Fallback;
  record().fallback.pool = spare_;
  const Decision decision = decide(Family::V6, true);
  EXPECT_EQ(texts(decision), Texts{});
  EXPECT_TRUE(decision.last_resort);
  EXPECT_EQ(texts(decide(Family::V4, true)), Texts{"192.0.2.30"});
}

TEST_F(AllDownTest, NoDataAndServFailLeaveNothingWhateverIsForced) {
  for (const Forced forced : kForced) {
    for (const Family family : {Family::V4, Family::V6}) {
      for (const bool hit : {true, false}) {
        build(true, forced);
        record().all_down = AllDown::NoData;
        const Decision denied = decide(family, hit);
        EXPECT_EQ(texts(denied), Texts{});
        EXPECT_TRUE(denied.last_resort);
        EXPECT_FALSE(denied.servfail);
        EXPECT_EQ(denied.ttl, dnswire::Ttl(10));
        record().all_down = AllDown::ServFail;
        const Decision failed = decide(family, hit);
        EXPECT_EQ(texts(failed), Texts{});
        EXPECT_TRUE(failed.last_resort);
        EXPECT_TRUE(failed.servfail);
      }
    }
  }
}

constexpr AllDown kPolicies[]{AllDown::All, AllDown::LastHealthy, AllDown::Fallback,
                              AllDown::NoData, AllDown::ServFail};

TEST_F(AllDownTest, NoPolicyChangesTheScope) {
  for (const AllDown policy : kPolicies) {
    for (const bool hit : {true, false}) {
      build(true, Forced::Nobody);
      record().all_down = policy;
      record().fallback.addresses = {ip("192.0.2.98")};
      const std::uint8_t down = decide(Family::V4, hit).scope;
      for (const char* name : {"first1", "first2"}) world_.set(name, State::Up);
      EXPECT_EQ(down, decide(Family::V4, hit).scope) << to_text(policy);
      EXPECT_GT(down, 0);
    }
  }
}

TEST_F(AllDownTest, NoPolicySpeaksForAFamilyThatIsNotThere) {
  for (const AllDown policy : kPolicies) {
    build(true, Forced::Nobody);
    for (const char* name : {"first1", "second1"}) {
      world_.faces(name, Family::V6).clear();
    }
    record().all_down = policy;
    record().fallback.addresses = {ip("2001:db8::98")};
    const Decision decision = decide(Family::V6, true);
    EXPECT_EQ(texts(decision), Texts{}) << to_text(policy);
    EXPECT_FALSE(decision.last_resort || decision.servfail) << to_text(policy);
    EXPECT_EQ(decision.ttl, dnswire::kMaxTtl) << "no check can change it";
  }
}

TEST_F(AllDownTest, NoPolicySpeaksWhileSomebodyIsServed) {
  for (const AllDown policy : kPolicies) {
    build(true, Forced::Nobody);
    record().all_down = policy;
    world_.standing("second1").force = Force::Up;
    EXPECT_EQ(texts(decide(Family::V4, true)), Texts{"192.0.2.12"}) << to_text(policy);
    EXPECT_FALSE(decide(Family::V4, true).last_resort);
    EXPECT_TRUE(decide(Family::V6, true).last_resort) << "families are judged apart";
    world_.standing("second1").force = Force::None;
    world_.standing("first1").held = true;
    EXPECT_EQ(texts(decide(Family::V4, true)), Texts{"192.0.2.11"});
    world_.standing("first1").held = false;
    world_.standing("first1").rescued = true;
    EXPECT_EQ(texts(decide(Family::V4, true)), Texts{"192.0.2.11"});
  }
}

TEST_F(AllDownTest, AnOverridesOwnTtlGoesBelowTtlMin) {
  for (const AllDown policy : kPolicies) {
    build(true, Forced::FirstDrained);
    record().all_down = policy;
    record().fallback.addresses = {ip("192.0.2.98")};
    world_.standing("first1").cap = seconds(2);
    EXPECT_EQ(decide(Family::V4, true).ttl, dnswire::Ttl(2)) << to_text(policy);
    EXPECT_EQ(decide(Family::V4, false).ttl, dnswire::Ttl(10));
    world_.standing("first1").cap = seconds(20);
    EXPECT_EQ(decide(Family::V4, true).ttl, dnswire::Ttl(10)) << "it only lowers";
  }
}

TEST_F(AllDownTest, EveryPickKeepsToThoseThatMayBeServed) {
  for (const Pick pick : {Pick::All, Pick::Failover, Pick::Weighted, Pick::Nearest, Pick::Sticky}) {
    build(true, Forced::FirstDrained);
    for (Pool& pool : world_.plan.pools) pool.pick = pick;
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(texts(decide(Family::V4, true)), Texts{"192.0.2.12"}) << to_text(pick);
    }
  }
}

}  // namespace
}  // namespace steering
