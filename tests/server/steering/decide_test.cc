#include "server/steering/decide.h"

#include <gmock/gmock.h>

#include "server/steering/trace.h"
#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using dnswire::Ttl;
using health::State;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Decide : public testing::Test {
 protected:
  Decide() {
    for (const char* name : {"a", "b", "c"}) {
      world_.add(name, ("192.0.2." + std::to_string(++last_)).c_str());
    }
    first_ = world_.add_pool("first", {{id("a")}, {id("b")}}, Pick::All);
    spare_ = world_.add_pool("spare", {{id("c")}}, Pick::All);
    record_ = world_.add_record(first_);
  }

  EndpointId id(const char* name) { return world_.endpoints.at(name); }
  Pool& pool(PoolId id) { return world_.pool(id); }
  DynamicRecord& record() { return world_.plan.records[0]; }

  World world_;
  int last_ = 0;
  PoolId first_{}, spare_{};
  zones::DynamicId record_{};
};

TEST_F(Decide, AnswersFromThePoolOfTheRule) {
  EXPECT_THAT(texts(world_.decide(record_)), ElementsAre("192.0.2.1", "192.0.2.2"));
}

TEST_F(Decide, SpillsToThenWhenTooFewAreHealthy) {
  pool(first_).then = spare_;
  pool(first_).min_healthy = 2;
  world_.set("a", State::Down);
  EXPECT_THAT(texts(world_.decide(record_)), ElementsAre("192.0.2.3"));
}

TEST_F(Decide, StaysWithTooFewWhenNoPoolBehindHasEnough) {
  pool(first_).then = spare_;
  pool(first_).min_healthy = 2;
  world_.set("a", State::Down);
  world_.set("c", State::Down);
  const Decision decision = world_.decide(record_);
  EXPECT_THAT(texts(decision), ElementsAre("192.0.2.2"));
  EXPECT_FALSE(decision.last_resort);
}

TEST_F(Decide, ServesAllOfTheFirstPoolWhenNobodyIsHealthy) {
  pool(first_).then = spare_;
  for (const char* name : {"a", "b", "c"}) world_.set(name, State::Down);
  const Decision decision = world_.decide(record_);
  EXPECT_THAT(texts(decision), ElementsAre("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(decision.last_resort);
}

TEST_F(Decide, HasNothingForAFamilyThatThePoolLacks) {
  EXPECT_THAT(world_.decide(record_, Family::V6).addresses, IsEmpty());
  // A pool behind it does not change that: a family is there or not.
  world_.put_face("c", "2001:db8::3");
  pool(first_).then = spare_;
  EXPECT_THAT(world_.decide(record_, Family::V6).addresses, IsEmpty());
}

TEST_F(Decide, JudgesFamiliesApart) {
  world_.put_face("a", "2001:db8::1");
  world_.put_face("b", "2001:db8::2");
  world_.set("a", State::Down, 10, Family::V6);
  EXPECT_THAT(texts(world_.decide(record_, Family::V6)), ElementsAre("2001:db8::2"));
  EXPECT_THAT(texts(world_.decide(record_, Family::V4)), ElementsAre("192.0.2.1", "192.0.2.2"));
}

TEST_F(Decide, TakesTheTtlFromWhoCanChangeSoonest) {
  world_.set("a", State::Up, 15);
  world_.set("b", State::Failing, 10);
  EXPECT_EQ(world_.decide(record_).ttl, Ttl(10));
  world_.set("b", State::Down, 12);
  EXPECT_EQ(world_.decide(record_).ttl, Ttl(12)) << "the return of b changes the answer too";
}

TEST_F(Decide, ClampsTheTtl) {
  world_.set("a", State::Up, 1000);
  world_.set("b", State::Up, 1000);
  EXPECT_EQ(world_.decide(record_).ttl, record().ttl);
  world_.set("a", State::Failing, 1);
  EXPECT_EQ(world_.decide(record_).ttl, record().ttl_min);
  world_.set("a", State::Unknown, 0);
  EXPECT_EQ(world_.decide(record_).ttl, record().ttl_min);
}

TEST_F(Decide, ServesTheWholeTtlWhereNothingIsChecked) {
  const PoolId fixed = world_.add_pool("fixed", {{world_.add("f", "192.0.2.9", false)}}, Pick::All);
  EXPECT_EQ(world_.decide(world_.add_record(fixed)).ttl, Ttl(60));
}

TEST_F(Decide, RestsOnThePoolsThatWerePassedOver) {
  pool(first_).then = spare_;
  world_.set("a", State::Down, 7);
  world_.set("b", State::Down, 9);
  world_.set("c", State::Up, 20);
  EXPECT_EQ(world_.decide(record_).ttl, Ttl(7)) << "the return of a brings the first pool back";
}

class DecideByNet : public Decide {
 protected:
  DecideByNet() {
    Rule rule;
    rule.nets = {net("198.51.100.0/24")};
    rule.pool = spare_;
    record().rules.insert(record().rules.begin(), rule);
  }
};

TEST_F(DecideByNet, TheFirstRuleThatMatchesDecides) {
  EXPECT_THAT(texts(world_.decide(record_, Family::V4, "198.51.100.7")), ElementsAre("192.0.2.3"));
  EXPECT_THAT(texts(world_.decide(record_, Family::V4, "198.51.101.7")),
              ElementsAre("192.0.2.1", "192.0.2.2"));
}

TEST_F(DecideByNet, ScopeIsWhatTellsTheNetworksApart) {
  EXPECT_EQ(world_.decide(record_, Family::V4, "198.51.100.7").scope, 24);
  EXPECT_EQ(world_.decide(record_, Family::V4, "198.51.101.7").scope, 24);
  EXPECT_EQ(world_.decide(record_, Family::V4, "10.0.0.1").scope, 1);
}

TEST_F(DecideByNet, ScopeIsNeverZeroWhereTheClientWasLookedAt) {
  EXPECT_EQ(world_.decide(record_, Family::V4, "2001:db8::1").scope, 1)
      << "no rule names an IPv6 network, yet IPv4 clients get something else";
}

TEST_F(Decide, ScopeIsZeroWhereEveryClientGetsTheSame) {
  EXPECT_EQ(world_.decide(record_).scope, 0);
}

TEST_F(Decide, APrivateAddressIsNowhereWhateverTheMapSays) {
  geo::Location japan;
  japan.country = geo::CountryCode::from_text("JP");
  world_.map = map_of({{net("0.0.0.0/0"), japan}, {net("::/0"), japan}});
  Rule rule;
  rule.countries = {*japan.country};
  rule.pool = spare_;
  record().rules.insert(record().rules.begin(), rule);
  for (const char* client : {"133.11.0.1", "2400::1", "::ffff:133.11.0.1", "2002:850b:1::1"}) {
    EXPECT_THAT(texts(world_.decide(record_, Family::V4, client)), ElementsAre("192.0.2.3"))
        << client;
  }
  for (const char* client : {"10.0.0.1", "100.64.0.1", "127.0.0.1", "fd00::1", "fe80::1",
                             "::ffff:10.0.0.1", "2002:a00:1::1"}) {
    EXPECT_THAT(texts(world_.decide(record_, Family::V4, client)),
                ElementsAre("192.0.2.1", "192.0.2.2"))
        << client;
  }
}

TEST_F(Decide, HealthPlaysNoPartInTheScope) {
  Rule rule;
  rule.nets = {net("198.51.100.0/24")};
  rule.pool = spare_;
  record().rules.insert(record().rules.begin(), rule);
  for (const char* name : {"a", "b", "c"}) {
    EXPECT_EQ(world_.decide(record_, Family::V4, "198.51.100.7").scope, 24);
    EXPECT_EQ(world_.decide(record_, Family::V4, "203.0.113.7").scope, 5);
    world_.set(name, State::Down);
  }
}

TEST_F(Decide, RulesThatLeadToTheSamePoolDoNotNarrowTheScope) {
  Rule rule;
  rule.nets = {net("198.51.100.0/24")};
  rule.pool = first_;
  record().rules.insert(record().rules.begin(), rule);
  EXPECT_EQ(world_.decide(record_, Family::V4, "198.51.100.7").scope, 0);
}

TEST_F(Decide, AnAliasAnswersWithAnotherNameForEverybody) {
  record() = {};
  record().alias = Target{*dnswire::Name::from_text("www.example.net."), Target::As::Addresses};
  const Decision decision = world_.decide(record_);
  EXPECT_EQ(decision.target, &*record().alias);
  EXPECT_THAT(decision.addresses, IsEmpty());
  EXPECT_EQ(decision.ttl, record().ttl);
  EXPECT_EQ(decision.scope, 0);
  EXPECT_FALSE(decision.last_resort || decision.unchecked || decision.servfail);
}

TEST_F(Decide, TheTraceTellsEveryStep) {
  pool(first_).then = spare_;
  world_.set("a", State::Down);
  world_.set("b", State::Down);
  Trace trace;
  std::ignore = world_.decide(record_, Family::V4, "192.0.2.1", &trace);
  EXPECT_EQ(trace.rule, 0U);
  ASSERT_EQ(trace.pools.size(), 2U);
  EXPECT_FALSE(trace.pools[0].serves);
  EXPECT_TRUE(trace.pools[1].serves);
  EXPECT_EQ(trace.pools[0].members[0].why, "is down");
  EXPECT_TRUE(trace.pools[1].members[0].chosen);
  EXPECT_EQ(trace.ttl_because, "a can change in 10s at the earliest");
  EXPECT_EQ(trace.scope_because, "every client gets the same");
}

TEST_F(Decide, TheTraceSaysWhyTheTtlIsClamped) {
  Trace unknown;
  world_.set("a", State::Unknown, 0);
  std::ignore = world_.decide(record_, Family::V4, "192.0.2.1", &unknown);
  EXPECT_EQ(unknown.ttl_because, "a has no verdict yet: ttl_min");
  Trace quick;
  world_.set("a", State::Up, 0);
  std::ignore = world_.decide(record_, Family::V4, "192.0.2.1", &quick);
  EXPECT_EQ(quick.ttl_because, "a can change within a second, so ttl_min limits");
  Trace limited;
  world_.set("a", State::Up, 100);
  world_.set("b", State::Up, 90);
  std::ignore = world_.decide(record_, Family::V4, "192.0.2.1", &limited);
  EXPECT_EQ(limited.ttl_because, "b can change in 90s at the earliest, so ttl limits");
}

TEST_F(Decide, TheSameInputsGiveTheSameAnswerTwice) {
  EXPECT_EQ(texts(world_.decide(record_)), texts(world_.decide(record_)));
}

}  // namespace
}  // namespace steering
