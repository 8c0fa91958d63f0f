#include "server/steering/rule.h"

#include <gmock/gmock.h>

#include "tests/server/steering/world.h"

namespace steering {
namespace {

using geo::Continent;
using geo::CountryCode;
using geo::Location;

CountryCode country(const char* code) { return *CountryCode::from_text(code); }

// Nagoya, of a network of AS 64500.
Location nagoya() {
  Location location;
  location.continent = Continent::AS;
  location.country = country("JP");
  location.subdivision = "JP-23";
  location.coordinates = geo::Coordinates{35.18, 136.91};
  location.asn = 64500;
  return location;
}

// One rule, and one that catches all.
class RuleTest : public testing::Test {
 protected:
  [[nodiscard]] static bool catches(const Conditions& conditions,
                                    const Location& location = nagoya(),
                                    const char* client = "203.0.113.1") {
    DynamicRecord record;
    record.rules = {conditions.rule(), Rule()};
    return find_rule(record, location, ip(client)) == 0;
  }
  static constexpr geo::Coordinates kTokyo{35.68, 139.69};  // 259 km away
};

TEST_F(RuleTest, AContinentCatchesItsClients) {
  EXPECT_TRUE(catches({.continents = {Continent::OC, Continent::AS}}));
  EXPECT_FALSE(catches({.continents = {Continent::OC}}));
  EXPECT_FALSE(catches({.continents = {Continent::AS}}, Location()));
}

TEST_F(RuleTest, ACountryCatchesItsClients) {
  EXPECT_TRUE(catches({.countries = {country("KR"), country("JP")}}));
  EXPECT_FALSE(catches({.countries = {country("KR")}}));
  EXPECT_FALSE(catches({.countries = {country("JP")}}, Location()));
}

TEST_F(RuleTest, ASubdivisionCatchesItsClients) {
  EXPECT_TRUE(catches({.subdivisions = {"JP-13", "JP-23"}}));
  EXPECT_FALSE(catches({.subdivisions = {"JP-13"}}));
  EXPECT_FALSE(catches({.subdivisions = {"JP-23"}}, Location()));
}

TEST_F(RuleTest, ACircleCatchesClientsWithinIt) {
  EXPECT_TRUE(catches({.near = {{kTokyo, 270}}}));
  EXPECT_FALSE(catches({.near = {{kTokyo, 250}}}));
  EXPECT_TRUE(catches({.near = {{kTokyo, 250}, {{34.69, 135.50}, 250}}})) << "Osaka is nearer";
  EXPECT_TRUE(catches({.near = {{*nagoya().coordinates, 0}}})) << "the edge is inside";
  EXPECT_FALSE(catches({.near = {{kTokyo, 20100}}}, Location())) << "a place must be known";
}

TEST_F(RuleTest, AnAsNumberCatchesItsClients) {
  EXPECT_TRUE(catches({.asns = {64499, 64500}}));
  EXPECT_FALSE(catches({.asns = {64499}}));
  EXPECT_FALSE(catches({.asns = {0}}, Location())) << "unknown is no number";
}

TEST_F(RuleTest, ANetworkCatchesItsAddresses) {
  const Conditions rule{.nets = {{net("203.0.113.0/28"), net("2001:db8::/127")}}};
  EXPECT_TRUE(catches(rule, {}, "203.0.113.15"));
  EXPECT_FALSE(catches(rule, {}, "203.0.113.16"));
  EXPECT_TRUE(catches(rule, {}, "2001:db8::1"));
  EXPECT_FALSE(catches(rule, {}, "2001:db8::2"));
  EXPECT_TRUE(catches(rule, {}, "::ffff:203.0.113.15")) << "IPv4 inside IPv6 is IPv4";
  EXPECT_TRUE(catches(rule, {}, "64:ff9b::203.0.113.15"));
}

TEST_F(RuleTest, AnEmptyListOfNetworksCatchesNobody) {
  EXPECT_FALSE(catches({.nets = std::vector<dnswire::Prefix>()}));
}

TEST_F(RuleTest, OfSeveralKindsAllMustHold) {
  const Conditions all{.continents = {Continent::AS},
                       .countries = {country("JP")},
                       .subdivisions = {"JP-23"},
                       .near = {{kTokyo, 270}},
                       .asns = {64500},
                       .nets = {{net("203.0.113.0/24")}}};
  EXPECT_TRUE(catches(all));
  const auto spoil = [&](auto change) {
    Conditions rule = all;
    change(rule);
    return catches(rule);
  };
  EXPECT_FALSE(spoil([](Conditions& rule) { rule.continents = {Continent::EU}; }));
  EXPECT_FALSE(spoil([](Conditions& rule) { rule.countries = {country("KR")}; }));
  EXPECT_FALSE(spoil([](Conditions& rule) { rule.subdivisions = {"JP-13"}; }));
  EXPECT_FALSE(spoil([](Conditions& rule) { rule.near = {{kTokyo, 100}}; }));
  EXPECT_FALSE(spoil([](Conditions& rule) { rule.asns = {1}; }));
  EXPECT_FALSE(spoil([](Conditions& rule) { rule.nets = {{net("198.51.100.0/24")}}; }));
}

TEST_F(RuleTest, TheFirstThatMatchesDecides) {
  DynamicRecord record;
  for (const Conditions& conditions :
       {Conditions{.countries = {country("KR")}}, Conditions{.nets = {{net("203.0.113.0/24")}}},
        Conditions{.countries = {country("JP")}}, Conditions{}}) {
    record.rules.push_back(conditions.rule());
  }
  EXPECT_EQ(find_rule(record, nagoya(), ip("203.0.113.1")), 1U);
  EXPECT_EQ(find_rule(record, nagoya(), ip("198.51.100.1")), 2U);
  EXPECT_EQ(find_rule(record, Location(), ip("198.51.100.1")), 3U);
}

TEST_F(RuleTest, EachRuleWithNetworksHasItsOwnEntry) {
  DynamicRecord record;
  for (const Conditions& conditions :
       {Conditions{.nets = {{net("203.0.113.0/24")}}}, Conditions{.countries = {country("KR")}},
        Conditions{.nets = {{net("198.51.100.0/24")}}}, Conditions{}}) {
    record.rules.push_back(conditions.rule());
  }
  const std::array<bool, 2> second{false, true};
  EXPECT_EQ(find_rule(record, nagoya(), second), 2U);
  const std::array<bool, 2> both{true, true};
  EXPECT_EQ(find_rule(record, nagoya(), both), 0U);
  const std::array<bool, 2> none{};
  EXPECT_EQ(find_rule(record, nagoya(), none), 3U);
}

}  // namespace
}  // namespace steering
