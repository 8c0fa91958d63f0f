#include "server/admin/world_census.h"

#include <gtest/gtest.h>

#include "server/steering/atlas.h"

namespace admin {
namespace {

using Place = WorldCensus::Place;

geo::Correction correction(const char* net, const char* country) {
  geo::Correction correction{*dnswire::Prefix::from_text(net), {}};
  correction.location.country = geo::CountryCode::from_text(country);
  return correction;
}

// Everybody is led alike, but for the networks of a rule.
class Census : public testing::Test {
 protected:
  WorldCensus take(const std::vector<geo::Correction>& corrections, const char* net,
                   std::size_t samples) {
    steering::Plan plan;
    plan.endpoints.resize(1);
    plan.pools.resize(2);
    steering::DynamicRecord record;
    record.rules.resize(2);
    record.rules[0].nets = {*dnswire::Prefix::from_text(net)};
    record.rules[1].pool = steering::PoolId{1};
    plan.records.push_back(record);
    map_ = geo::load_map({}, corrections).map;
    atlas_ = steering::Atlas::compile(plan, map_);
    const auto& chart = atlas_.chart(zones::DynamicId{0}, dnswire::Family::V4);
    return take_census(map_, chart, std::vector<std::size_t>(chart.classes().size(), samples));
  }
  // Of all classes.
  static Space sum(const WorldCensus& census, const char* country) {
    Space sum;
    for (const auto& [key, space] : census.spaces) {
      if (key.first.country != geo::CountryCode::from_text(country)) continue;
      sum.ipv4 += space.ipv4;
      sum.ipv6 += space.ipv6;
    }
    return sum;
  }

  geo::Map map_;
  steering::Atlas atlas_;
};

TEST_F(Census, CountsAddressesAndNetworksOfCountries) {
  const WorldCensus census = take({correction("1.0.0.0/16", "JP"), correction("2400::/32", "JP"),
                                   correction("2.0.0.0/24", "DE")},
                                  "1.0.0.0/17", 1);
  EXPECT_EQ(sum(census, "JP").ipv4, 65536);
  EXPECT_EQ(sum(census, "JP").ipv6, 65536);
  EXPECT_EQ(sum(census, "DE").ipv4, 256);
  EXPECT_EQ(sum(census, "DE").ipv6, 0);
}

TEST_F(Census, LeavesOutWhatIsSpecialAndWhatStandsForIpv4) {
  const WorldCensus census =
      take({correction("10.0.0.0/8", "JP"), correction("2002::/16", "JP")}, "1.0.0.0/17", 1);
  EXPECT_EQ(sum(census, "JP").ipv4, 0);
  EXPECT_EQ(sum(census, "JP").ipv6, 0);
  double unknown = 0;
  for (const auto& [key, space] : census.spaces) unknown += key.first.is_known ? 0 : space.ipv4;
  EXPECT_LT(unknown, 0x1p32 - 0x1p29) << "multicast and class E alone are an eighth";
  EXPECT_GT(unknown, 0x1p32 - 0x1p30);
}

TEST_F(Census, SamplesAreOfTheClass) {
  const WorldCensus census = take({correction("1.0.0.0/16", "JP")}, "1.0.0.0/17", 50);
  const auto& chart = atlas_.chart(zones::DynamicId{0}, dnswire::Family::V4);
  ASSERT_EQ(census.samples.size(), 2U);
  for (std::size_t i = 0; i < census.samples.size(); ++i) {
    EXPECT_EQ(census.samples[i].size(), 50U);
    for (const auto& client : census.samples[i]) {
      EXPECT_EQ(chart.find(client).of, &chart.classes()[i]) << client.to_text();
    }
  }
}

}  // namespace
}  // namespace admin
