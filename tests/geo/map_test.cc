#include "geo/map.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "geo/countries.h"
#include "mmdb_writer.h"
#include "temporary_file.h"

namespace geo {
namespace {

dnswire::IpAddress address(std::string_view text) {
  return dnswire::IpAddress::from_text(text).value();
}

MmdbMap country(const char* code) { return {{"country_code", code}}; }

Map load(const std::vector<std::string>& contents) {
  std::vector<std::unique_ptr<TemporaryFile>> files;
  std::vector<std::string> paths;
  for (const std::string& content : contents) {
    files.push_back(std::make_unique<TemporaryFile>(content));
    paths.push_back(files.back()->path());
  }
  LoadedMap loaded = load_map(paths);
  for (const std::string& problem : loaded.problems) ADD_FAILURE() << problem;
  return std::move(loaded.map);
}

std::string_view country_at(const Map& map, std::string_view text) {
  const auto& found = map.locate(address(text)).location->country;
  return found ? found->text() : "";
}

unsigned depth_at(const Map& map, std::string_view text) { return map.locate(address(text)).depth; }

TEST(Map, KnowsNothingAtFirst) {
  const Map map;
  for (const std::string_view text : {"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"}) {
    EXPECT_EQ(*map.locate(address(text)).location, Location{});
    EXPECT_EQ(depth_at(map, text), 0U);
  }
  EXPECT_TRUE(map.databases().empty());
}

TEST(Map, IsEmptyWithoutDatabases) {
  const LoadedMap loaded = load_map({});
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.map.location_count(), 1U);
}

TEST(Map, LocatesNetworksOfBothFamilies) {
  const Map map =
      load({write_mmdb({{"192.0.2.0/24", country("DE")}, {"2001:db8::/32", country("JP")}})});
  EXPECT_EQ(country_at(map, "192.0.2.255"), "DE");
  EXPECT_EQ(depth_at(map, "192.0.2.255"), 24U);
  EXPECT_EQ(country_at(map, "192.0.3.0"), "");
  EXPECT_EQ(depth_at(map, "192.0.3.0"), 24U);
  EXPECT_EQ(country_at(map, "10.0.0.0"), "");
  EXPECT_EQ(depth_at(map, "10.0.0.0"), 1U);
  EXPECT_EQ(country_at(map, "2001:db8:ffff::1"), "JP");
  EXPECT_EQ(depth_at(map, "2001:db8:ffff::1"), 32U);
  EXPECT_EQ(country_at(map, "2001:db9::"), "");
}

TEST(Map, ReadsDatabasesOfOneFamily) {
  const Map four = load({write_mmdb({{"192.0.2.0/24", country("DE")}}, {.ip_version = 4})});
  EXPECT_EQ(country_at(four, "192.0.2.1"), "DE");
  EXPECT_EQ(depth_at(four, "2001:db8::"), 0U);
  const Map six = load({write_mmdb({{"2001:db8::/32", country("JP")}})});
  EXPECT_EQ(country_at(six, "2001:db8::"), "JP");
  EXPECT_EQ(depth_at(six, "192.0.2.1"), 0U);
}

TEST(Map, JoinsDatabasesOfOneFamilyEach) {
  const Map map = load({write_mmdb({{"192.0.2.0/24", country("DE")}}, {.ip_version = 4}),
                        write_mmdb({{"2001:db8::/32", country("JP")}})});
  EXPECT_EQ(country_at(map, "192.0.2.1"), "DE");
  EXPECT_EQ(country_at(map, "2001:db8::"), "JP");
  EXPECT_EQ(map.databases().size(), 2U);
}

TEST(Map, CountsFinerNetworksAsTheirFirstAddress) {
  const Map map = load({write_mmdb({{"192.0.2.0/25", country("DE")},
                                    {"192.0.2.128/25", country("FR")},
                                    {"198.51.100.128/25", country("FR")},
                                    {"2001:db8::/57", country("JP")},
                                    {"2001:db8:0:80::/57", country("KR")},
                                    {"2001:db8:0:100::1/128", country("KR")}})});
  EXPECT_EQ(country_at(map, "192.0.2.200"), "DE");
  EXPECT_EQ(depth_at(map, "192.0.2.200"), kMaxDepth4);
  EXPECT_EQ(country_at(map, "198.51.100.200"), "");
  EXPECT_EQ(country_at(map, "2001:db8:0:ff::"), "JP");
  EXPECT_EQ(depth_at(map, "2001:db8:0:ff::"), kMaxDepth6);
  EXPECT_EQ(country_at(map, "2001:db8:0:100::1"), "");
}

TEST(Map, LooksUpIpv4InsideIpv6AsIpv4) {
  for (const std::vector<std::string>& aliases :
       {std::vector<std::string>{}, {"::ffff:0:0/96", "2002::/16", "2001::/32"}}) {
    const Map map = load({write_mmdb({{"192.0.2.0/24", country("DE")}}, {.aliases = aliases})});
    for (const std::string_view text :
         {"::ffff:192.0.2.1", "2002:c000:201::", "64:ff9b::192.0.2.1"}) {
      EXPECT_EQ(country_at(map, text), "DE") << text;
      EXPECT_EQ(depth_at(map, text), 24U) << text;
    }
    // Teredo has the client's address inverted at the end (RFC 4380 4).
    EXPECT_EQ(country_at(map, "2001:0:1:2:3:4:3fff:fdfe"), "DE");
    EXPECT_EQ(country_at(map, "::192.0.2.1"), "") << "deprecated, RFC 4291 2.5.5.1";
    EXPECT_EQ(depth_at(map, "2001:db8::"), 0U) << "there is nothing in IPv6";
  }
}

TEST(Map, TakesEachFieldFromTheFirstDatabaseThatKnowsIt) {
  const Map map = load({
      write_mmdb({{"192.0.2.0/24", country("US")}}),
      write_mmdb({{"192.0.2.0/25", {{"autonomous_system_number", std::uint32_t{64500}}}},
                  {"192.0.0.0/16", {{"autonomous_system_number", std::uint32_t{64501}}}},
                  {"192.0.2.0/24", {{"autonomous_system_number", std::uint32_t{64502}}}}}),
      write_mmdb({{"192.0.0.0/16",
                   {{"country_code", "US"},
                    {"state1", "Virginia"},
                    {"latitude", 37.5},
                    {"longitude", -77.5},
                    {"autonomous_system_number", std::uint32_t{64503}}}}}),
  });
  const Location& inside = *map.locate(address("192.0.2.1")).location;
  EXPECT_EQ(inside.country->text(), "US");
  EXPECT_EQ(inside.continent, Continent::NA);
  EXPECT_EQ(inside.subdivision, "US-VA");
  EXPECT_EQ(inside.coordinates, (Coordinates{37.5, -77.5}));
  EXPECT_FALSE(inside.coordinates_are_centroid);
  EXPECT_EQ(inside.asn, 64502U);
  EXPECT_EQ(map.locate(address("192.0.3.1")).location->asn, 64501U);
}

TEST(Map, DoesNotMixPlacesOfDatabasesThatDisagree) {
  const Map map = load({
      write_mmdb({{"192.0.2.0/24", country("DE")}}),
      write_mmdb({{"192.0.2.0/24",
                   {{"country_code", "US"},
                    {"state1", "Virginia"},
                    {"latitude", 37.5},
                    {"longitude", -77.5},
                    {"asn", std::uint32_t{64500}}}}}),
  });
  const Location& location = *map.locate(address("192.0.2.1")).location;
  EXPECT_EQ(location.country->text(), "DE");
  EXPECT_EQ(location.continent, Continent::EU);
  EXPECT_EQ(location.subdivision, "");
  EXPECT_EQ(location.coordinates, find_country("DE")->centroid);
  EXPECT_TRUE(location.coordinates_are_centroid);
  EXPECT_EQ(location.asn, 64500U);
}

TEST(Map, JoinsNeighborsInOnePlace) {
  const Map map = load({write_mmdb({{"192.0.2.0/24", {{"country_code", "DE"}, {"x", "1"}}},
                                    {"192.0.3.0/24", {{"country", MmdbMap{{"iso_code", "DE"}}}}},
                                    {"192.0.0.0/23", country("DE")}})});
  EXPECT_EQ(depth_at(map, "192.0.2.1"), 22U);
}

TEST(Map, SaysWhatItCanTellAtAll) {
  const Knows nothing = Map().knows();
  EXPECT_FALSE(nothing.continents || nothing.countries || nothing.subdivisions ||
               nothing.coordinates || nothing.asns);
  const Knows countries = load({write_mmdb({{"192.0.2.0/24", country("DE")}})}).knows();
  EXPECT_TRUE(countries.continents && countries.countries);
  EXPECT_FALSE(countries.subdivisions || countries.coordinates || countries.asns);
  const Knows cities = load({write_mmdb({{"192.0.2.0/24",
                                          {{"country_code", "US"},
                                           {"state_code", "VA"},
                                           {"latitude", 37.5},
                                           {"longitude", -77.4}}}})})
                           .knows();
  EXPECT_TRUE(cities.countries && cities.subdivisions && cities.coordinates);
  const Knows numbers = load({write_mmdb({{"192.0.2.0/24", {{"asn", "AS64500"}}}})}).knows();
  EXPECT_TRUE(numbers.asns);
  EXPECT_FALSE(numbers.countries);
}

TEST(Map, NeedsNoFilesOnceItIsLoaded) {
  const std::string content = write_mmdb({{"192.0.2.0/24", country("DE")}});
  const TemporaryFile file(content);
  const LoadedMap loaded = load_map(std::span(&file.path(), 1));
  std::filesystem::resize_file(file.path(), 0);
  EXPECT_EQ(country_at(loaded.map, "192.0.2.1"), "DE");
}

TEST(Map, SurvivesItsCopiesAndMoves) {
  Map map = load({write_mmdb({{"192.0.2.0/24", country("DE")}})});
  const Map copy = map;
  const Map moved = std::move(map);
  EXPECT_EQ(country_at(copy, "192.0.2.1"), "DE");
  EXPECT_EQ(country_at(moved, "192.0.2.1"), "DE");
}

}  // namespace
}  // namespace geo
