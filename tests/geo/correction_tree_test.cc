#include "geo/correction_tree.h"

#include <gtest/gtest.h>

#include "geo/countries.h"
#include "mmdb_writer.h"
#include "temporary_file.h"

namespace geo {
namespace {

using dnswire::IpAddress;
using dnswire::Prefix;

constexpr Coordinates kRichmond{37.54, -77.44};

Location place(std::string_view country, std::string subdivision = "",
               std::optional<Coordinates> coordinates = std::nullopt) {
  Location location;
  location.country = CountryCode::from_text(country);
  location.subdivision = std::move(subdivision);
  location.coordinates = coordinates;
  return location;
}

Location as_number(std::uint32_t number, Location location = {}) {
  location.asn = number;
  return location;
}

Correction correction(std::string_view net, Location location) {
  return {Prefix::from_text(net).value(), std::move(location)};
}

// Over a database that has Richmond and AS 64500 everywhere in 192.0.0.0/8 and 2001:db8::/32.
Map corrected_map(std::initializer_list<Correction> corrections) {
  const MmdbMap record{{"country_code", "US"},
                       {"state_code", "VA"},
                       {"latitude", 37.54},
                       {"longitude", -77.44},
                       {"autonomous_system_number", std::uint32_t{64500}}};
  const TemporaryFile file(write_mmdb({{"192.0.0.0/8", record}, {"2001:db8::/32", record}}));
  LoadedMap loaded = load_map(std::span(&file.path(), 1), corrections);
  for (const std::string& problem : loaded.problems) ADD_FAILURE() << problem;
  return std::move(loaded.map);
}

const Location& at(const Map& map, std::string_view text) {
  return *map.locate(IpAddress::from_text(text).value()).location;
}

TEST(Corrected, ReplacesAPlaceAsAWhole) {
  const Location known = as_number(7, place("US", "US-VA", kRichmond));
  Location expected = as_number(7, place("CA"));
  expected.source = kFromCorrection;
  EXPECT_EQ(corrected(known, place("CA")), expected);
}

TEST(Corrected, ReplacesTheAsNumberAlone) {
  Location known = place("US", "US-VA", kRichmond);
  known.source = 1;
  EXPECT_EQ(corrected(as_number(7, known), as_number(8)), as_number(8, known));
}

TEST(CorrectionTree, IsOneLeafPerFamilyOfNothing) {
  const Tree tree = correction_tree({});
  EXPECT_EQ(tree.root4, Tree::kLeaf);
  EXPECT_EQ(tree.root6, Tree::kLeaf);
}

TEST(CorrectionTree, WinsOverDatabases) {
  const Map map = corrected_map(
      {correction("192.0.2.0/24", place("CA")), correction("2001:db8:1::/48", place("DE"))});
  const Location& canada = at(map, "192.0.2.1");
  EXPECT_EQ(canada.country, CountryCode::from_text("CA"));
  EXPECT_TRUE(canada.subdivision.empty());
  EXPECT_EQ(canada.coordinates, find_country("CA")->centroid);
  EXPECT_EQ(canada.asn, 64500U);
  EXPECT_EQ(canada.source, kFromCorrection);
  EXPECT_EQ(at(map, "192.0.3.1").subdivision, "US-VA");
  EXPECT_EQ(at(map, "192.0.3.1").source, 1);
  EXPECT_EQ(at(map, "2001:db8:1::1").country, CountryCode::from_text("DE"));
}

TEST(CorrectionTree, KeepsThePlaceWhereOnlyTheAsNumberIsCorrected) {
  const Map map = corrected_map({correction("192.0.2.0/24", as_number(64511))});
  EXPECT_EQ(at(map, "192.0.2.1").asn, 64511U);
  EXPECT_EQ(at(map, "192.0.2.1").subdivision, "US-VA");
  EXPECT_EQ(at(map, "192.0.2.1").source, 1);
}

TEST(CorrectionTree, LetsTheNarrowerWinWhateverTheOrder) {
  const Correction wide = correction("192.0.0.0/16", as_number(1, place("CA")));
  const Correction narrow = correction("192.0.2.0/24", place("DE"));
  for (const Map& map : {corrected_map({wide, narrow}), corrected_map({narrow, wide})}) {
    EXPECT_EQ(at(map, "192.0.2.1").country, CountryCode::from_text("DE"));
    EXPECT_EQ(at(map, "192.0.2.1").asn, 1U);
    EXPECT_EQ(at(map, "192.0.3.1").country, CountryCode::from_text("CA"));
  }
}

TEST(CorrectionTree, LetsTheLaterWinForTheSameNetwork) {
  const Map map = corrected_map(
      {correction("192.0.2.0/24", place("CA")), correction("192.0.2.0/24", place("DE"))});
  EXPECT_EQ(at(map, "192.0.2.1").country, CountryCode::from_text("DE"));
}

TEST(CorrectionTree, CorrectsAllAddresses) {
  const Map map = corrected_map({correction("0.0.0.0/0", place("CA"))});
  EXPECT_EQ(at(map, "203.0.113.1").country, CountryCode::from_text("CA"));
  EXPECT_EQ(at(map, "192.0.2.1").country, CountryCode::from_text("CA"));
  EXPECT_EQ(at(map, "2001:db8::1").country, CountryCode::from_text("US"));
}

TEST(CorrectionTree, WorksWithoutDatabases) {
  const std::array corrections{correction("192.0.2.0/24", place("CA"))};
  const LoadedMap loaded = load_map({}, corrections);
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(at(loaded.map, "192.0.2.1").country, CountryCode::from_text("CA"));
  EXPECT_EQ(at(loaded.map, "192.0.3.1"), Location{});
}

TEST(CorrectionTree, TakesLongNetworksForWhatTheyBegin) {
  const Map map = corrected_map(
      {correction("192.0.2.0/28", place("CA")), correction("192.0.2.64/26", place("DE")),
       correction("192.0.3.0/24", place("JP")), correction("192.0.3.0/30", place("KR")),
       correction("2001:db8:1::1/128", place("FR")), correction("2001:db8:2::1/128", place("FR")),
       correction("2001:db8:2::/64", place("GB"))});
  EXPECT_EQ(at(map, "192.0.2.1").country, CountryCode::from_text("CA"));
  EXPECT_EQ(at(map, "192.0.2.65").country, CountryCode::from_text("CA"));
  EXPECT_EQ(at(map, "192.0.3.200").country, CountryCode::from_text("KR"));
  EXPECT_EQ(at(map, "2001:db8:1::1").country, CountryCode::from_text("US"));
  EXPECT_EQ(at(map, "2001:db8:2::1").country, CountryCode::from_text("GB"));
  EXPECT_EQ(map.locate(IpAddress::from_text("192.0.2.1").value()).depth, kMaxDepth4);
}

}  // namespace
}  // namespace geo
