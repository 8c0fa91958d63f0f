#include "server/steering/chart.h"

#include <gmock/gmock.h>

#include <set>

#include "server/steering/chart_builder.h"
#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using geo::Coordinates;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

geo::Location place(const char* country, Coordinates coordinates) {
  geo::Location location;
  location.country = geo::CountryCode::from_text(country);
  location.coordinates = coordinates;
  return location;
}

// 20.0.0.0/8 is in Japan, 20.128.0.0/9 of it in Tokyo; 30.0.0.0/8 is in France.
class ChartTest : public testing::Test {
 protected:
  ChartTest() {
    a_ = world_.add("a", "192.0.2.1", true, Coordinates{35, 140});
    b_ = world_.add("b", "192.0.2.2", true, Coordinates{50, 8});
    one_ = world_.add_pool("one", {{a_}}, Pick::All);
    two_ = world_.add_pool("two", {{b_}}, Pick::All);
    record_ = world_.add_record(one_);
    geo::Location tokyo = place("JP", {35.7, 139.7});
    tokyo.subdivision = "JP-13";
    world_.map = map_of({{net("20.0.0.0/8"), place("JP", {34.7, 135.5})},
                         {net("20.128.0.0/9"), tokyo},
                         {net("30.0.0.0/8"), place("FR", {48.9, 2.3})}});
  }

  void lead(const Conditions& conditions, PoolId pool) {
    Rule rule = conditions.rule();
    rule.pool = pool;
    auto& rules = world_.plan.records[0].rules;
    rules.insert(rules.end() - 1, std::move(rule));
  }
  static Conditions country(const char* code) {
    return {.countries = {*geo::CountryCode::from_text(code)}};
  }
  Chart chart(Family family = Family::V4) {
    PartitionsByPlace known;
    return ChartBuilder(world_.plan, world_.plan.records[0], family).build(world_.map, known);
  }
  // "pool/depth"
  std::string spot(const char* client) {
    const Chart chart = this->chart();
    const Chart::Spot spot = chart.find(ip(client));
    return world_.plan[spot.of->pool].name + "/" + std::to_string(spot.depth);
  }

  World world_;
  EndpointId a_{}, b_{};
  PoolId one_{}, two_{};
  zones::DynamicId record_{};
};

TEST_F(ChartTest, WhereAllClientsAreAlikeThereIsOneClass) {
  EXPECT_THAT(chart().classes(), SizeIs(1));
  EXPECT_TRUE(chart().partition().is_uniform());
  EXPECT_EQ(spot("20.0.0.1"), "one/0");
}

TEST_F(ChartTest, PlacesThatNoRuleTellsApartAreMerged) {
  lead(country("JP"), two_);
  EXPECT_THAT(chart().classes(), SizeIs(2));
  EXPECT_EQ(spot("20.1.0.1"), "two/8") << "Tokyo is in Japan";
  EXPECT_EQ(spot("20.200.0.1"), "two/8");
  EXPECT_EQ(spot("30.0.0.1"), "one/5");
  EXPECT_EQ(spot("::ffff:20.1.0.1"), "two/8");
  EXPECT_EQ(spot("2a00::1"), "one/1") << "scope 0 would speak for IPv4 as well";
}

TEST_F(ChartTest, RulesWithTheSamePoolAreOneClass) {
  lead(country("JP"), two_);
  lead({.nets = {{net("21.0.0.0/8")}}}, two_);
  EXPECT_THAT(chart().classes(), SizeIs(2));
  EXPECT_EQ(spot("20.1.0.1"), "two/7");
  EXPECT_EQ(spot("21.1.0.1"), "two/7");
}

TEST_F(ChartTest, NetworksOfRulesAreFollowedToTheirFullLength) {
  lead({.nets = {{net("20.1.2.3/32"), net("2a00::1/128")}}}, two_);
  EXPECT_EQ(spot("20.1.2.3"), "two/32");
  EXPECT_EQ(spot("20.1.2.2"), "one/32");
  EXPECT_EQ(spot("2a00::1"), "two/128");
  EXPECT_EQ(spot("2a00::3"), "one/127");
}

TEST_F(ChartTest, SpecialNetworksAreNowhere) {
  world_.map =
      map_of({{net("0.0.0.0/0"), place("JP", {35, 140})}, {net("::/0"), place("JP", {35, 140})}});
  lead(country("JP"), two_);
  EXPECT_EQ(spot("10.0.0.1"), "one/8");
  EXPECT_EQ(spot("192.168.7.1"), "one/16");
  EXPECT_EQ(spot("fd00::1"), "one/7");
  EXPECT_EQ(spot("11.0.0.1"), "two/8");
  lead({.nets = {{net("10.0.0.0/8")}}}, two_);
  EXPECT_EQ(spot("10.0.0.1"), "two/5") << "a rule may name them";
}

TEST_F(ChartTest, RulesThatNobodyMeetsAreKnown) {
  lead(country("JP"), two_);
  lead(country("BR"), two_);
  lead({.subdivisions = {"JP-13"}}, one_);
  EXPECT_THAT(chart().met_rules(), ElementsAre(true, false, false, true))
      << "Tokyo's clients meet the rule for Japan";
}

TEST_F(ChartTest, OrdersAreThoseOfTheClientsPlace) {
  const PoolId near = world_.add_pool("near", {{a_}, {b_}}, Pick::Nearest);
  world_.plan.records[0].rules[0].pool = near;
  const Chart chart = this->chart();
  const auto first = [&](const char* client) {
    const auto order = chart.order_of(*chart.find(ip(client)).of, near);
    return world_.plan[order.front().endpoint].name;
  };
  EXPECT_EQ(first("20.1.0.1"), "a");
  EXPECT_EQ(first("30.1.0.1"), "b");
  EXPECT_EQ(first("40.1.0.1"), "a") << "as written";
  EXPECT_EQ(chart.find(ip("20.1.0.1")).of, chart.find(ip("20.200.0.1")).of)
      << "other distances, but the same order";
  EXPECT_EQ(chart.find(ip("40.1.0.1")).of->orders, chart.find(ip("10.0.0.1")).of->orders);
}

TEST_F(ChartTest, OneWhoseOrderIsThatOfTheUnknownIsNotToldApartFromThem) {
  const PoolId near = world_.add_pool("near", {{a_}, {b_}}, Pick::Nearest);
  world_.plan.records[0].rules[0].pool = near;
  EXPECT_THAT(chart().classes(), SizeIs(2));
}

TEST_F(ChartTest, LooksAtEveryPoolThatADecisionCanComeTo) {
  const PoolId deep = world_.add_pool("deep", {{a_}, {b_}}, Pick::Nearest);
  const PoolId inner = world_.add_pool("inner", {{a_}, {b_}}, Pick::All);
  const PoolId outer = world_.add_pool("outer", {{inner}}, Pick::Failover);
  world_.plan.records[0].rules[0].pool = outer;
  EXPECT_TRUE(chart().partition().is_uniform());
  world_.pool(inner).then = deep;
  EXPECT_FALSE(chart().partition().is_uniform()) << "behind a member";
  world_.pool(inner).then.reset();
  world_.pool(outer).then = deep;
  EXPECT_FALSE(chart().partition().is_uniform());
  world_.pool(outer).then.reset();
  world_.pool(inner).members.push_back({deep});
  EXPECT_FALSE(chart().partition().is_uniform());
  world_.pool(inner).members.pop_back();
  world_.plan.records[0].fallback.pool = deep;
  EXPECT_FALSE(chart().partition().is_uniform());
  world_.plan.records[0].fallback.pool.reset();
  world_.plan.records[0].until_checked.pool = deep;
  EXPECT_FALSE(chart().partition().is_uniform());
}

TEST_F(ChartTest, APoolsPlaceCountsOnlyWhereARuleLeadsToIt) {
  const PoolId near = world_.add_pool("near", {{a_}, {b_}}, Pick::Nearest);
  lead({.nets = {{net("30.0.0.0/8")}}}, near);
  const Chart chart = this->chart();
  EXPECT_THAT(chart.classes(), SizeIs(2));
  EXPECT_EQ(spot("20.200.0.1"), "one/5");
  EXPECT_THAT(chart.order_of(*chart.find(ip("20.1.0.1")).of, near), IsEmpty());
  EXPECT_THAT(chart.order_of(*chart.find(ip("30.1.0.1")).of, near), SizeIs(2));
}

TEST_F(ChartTest, FamiliesOfAnswersHaveTheirOwnOrders) {
  world_.put_face("b", "2001:db8::2");
  const PoolId near = world_.add_pool("near", {{a_}, {b_}}, Pick::Nearest);
  world_.plan.records[0].rules[0].pool = near;
  EXPECT_FALSE(chart(Family::V4).partition().is_uniform());
  EXPECT_TRUE(chart(Family::V6).partition().is_uniform()) << "b alone has IPv6";
}

TEST_F(ChartTest, StickyPoolsAreLookedAtByBits) {
  const PoolId sticky = world_.add_pool("sticky", {{a_}, {b_}}, Pick::Sticky);
  world_.pool(sticky).sticky_bits = {20, 48};
  lead({.nets = {{net("20.1.2.0/24"), net("21.0.0.0/8")}}}, sticky);
  EXPECT_EQ(spot("20.1.2.3"), "sticky/24") << "what rules and places need comes first";
  EXPECT_EQ(spot("21.1.2.3"), "sticky/20");
  EXPECT_EQ(spot("40.1.2.3"), "one/3");
  EXPECT_EQ(spot("2a00::1"), "one/1");
}

TEST_F(ChartTest, AnAliasHasOneClass) {
  world_.plan.records[0] = {};
  world_.plan.records[0].alias = Target{*dnswire::Name::from_text("example.net."), {}};
  EXPECT_TRUE(chart().partition().is_uniform());
  EXPECT_THAT(chart().met_rules(), IsEmpty());
}

}  // namespace
}  // namespace steering
