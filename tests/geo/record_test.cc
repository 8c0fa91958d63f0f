#include "geo/record.h"

#include <gtest/gtest.h>

#include <limits>

#include "geo/database.h"
#include "mmdb_writer.h"
#include "temporary_file.h"

namespace geo {
namespace {

// What a database says that has one record, besides one with only an AS number (so that it never
// counts as empty).
Location read(const MmdbMap& record) {
  const TemporaryFile file(
      write_mmdb({{"203.0.113.0/24", {{"asn", std::uint32_t{1}}}}, {"192.0.2.0/24", record}}));
  const auto database = load_database(file.path());
  if (!database) {
    ADD_FAILURE() << database.error();
    return {};
  }
  for (const Location& location : database->tree.records) {
    if (location != Location{} && location.asn != 1) return location;
  }
  return {};
}

std::string_view country(const Location& location) {
  return location.country ? location.country->text() : "";
}

TEST(ReadRecord, ReadsMaxMindsSchema) {
  const Location location = read({
      {"city", MmdbMap{{"geoname_id", std::uint32_t{1}}, {"names", MmdbMap{{"en", "Richmond"}}}}},
      {"continent", MmdbMap{{"code", "NA"}, {"geoname_id", std::uint32_t{2}}}},
      {"country", MmdbMap{{"geoname_id", std::uint32_t{3}}, {"iso_code", "US"}}},
      {"location",
       MmdbMap{{"accuracy_radius", std::uint16_t{20}}, {"latitude", 37.5}, {"longitude", -77.25}}},
      {"registered_country", MmdbMap{{"iso_code", "DE"}}},
      {"subdivisions", MmdbArray{MmdbMap{{"iso_code", "VA"}}, MmdbMap{{"iso_code", "XX"}}}},
      {"autonomous_system_number", std::uint32_t{64500}},
  });
  EXPECT_EQ(location.continent, Continent::NA);
  EXPECT_EQ(country(location), "US");
  EXPECT_EQ(location.subdivision, "US-VA");
  EXPECT_EQ(location.coordinates, (Coordinates{37.5, -77.25}));
  EXPECT_EQ(location.asn, 64500U);
  EXPECT_FALSE(location.coordinates_are_centroid);
}

TEST(ReadRecord, ReadsTheFlatSchema) {
  const Location location = read({{"country_code", "US"},
                                  {"continent_code", "NA"},
                                  {"state1", "Virginia"},
                                  {"city", "Richmond"},
                                  {"latitude", 37.5F},
                                  {"longitude", -77.25F},
                                  {"autonomous_system_number", std::uint32_t{64500}}});
  EXPECT_EQ(location.continent, Continent::NA);
  EXPECT_EQ(country(location), "US");
  EXPECT_EQ(location.subdivision, "US-VA");
  EXPECT_EQ(location.coordinates, (Coordinates{37.5, -77.25}));
  EXPECT_EQ(location.asn, 64500U);
}

TEST(ReadRecord, CompletesNothing) {
  const Location location = read({{"country_code", "DE"}});
  EXPECT_EQ(country(location), "DE");
  EXPECT_EQ(location.continent, std::nullopt);
  EXPECT_EQ(location.coordinates, std::nullopt);
}

TEST(ReadRecord, TakesTheRegisteredCountryOnlyIfThereIsNoOther) {
  const MmdbMap germany{{"iso_code", "DE"}};
  EXPECT_EQ(
      country(read({{"country", MmdbMap{{"iso_code", "US"}}}, {"registered_country", germany}})),
      "US");
  const Location registered = read(
      {{"registered_country", germany}, {"subdivisions", MmdbArray{MmdbMap{{"iso_code", "BE"}}}}});
  EXPECT_EQ(country(registered), "DE");
  EXPECT_EQ(registered.subdivision, "");
}

TEST(ReadRecord, ReadsCountryAndContinentAsPlainStrings) {
  const Location location = read({{"country", "de"}, {"continent", "EU"}, {"asn", "AS64500"}});
  EXPECT_EQ(country(location), "DE");
  EXPECT_EQ(location.continent, Continent::EU);
  EXPECT_EQ(location.asn, 64500U);
}

TEST(ReadRecord, TakesCodesOfNoCountryForUnknown) {
  for (const char* code : {"ZZ", "EU", "A1", "", "USA"}) {
    EXPECT_EQ(country(read({{"country_code", code}, {"continent_code", "EU"}})), "") << code;
  }
}

TEST(ReadRecord, ReadsCoordinatesFromDoubleFloatAndString) {
  const Coordinates expected{-33.5, 151.25};
  EXPECT_EQ(read({{"latitude", -33.5}, {"longitude", 151.25}}).coordinates, expected);
  EXPECT_EQ(read({{"latitude", -33.5F}, {"longitude", 151.25F}}).coordinates, expected);
  EXPECT_EQ(read({{"latitude", "-33.5"}, {"longitude", "151.25"}}).coordinates, expected);
}

TEST(ReadRecord, RefusesCoordinatesThatAreNone) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto coordinates = [](MmdbValue latitude, MmdbValue longitude) {
    return read({{"latitude", std::move(latitude)},
                 {"longitude", std::move(longitude)},
                 {"country_code", "DE"}})
        .coordinates;
  };
  EXPECT_EQ(coordinates(90.5, 8.0), std::nullopt);
  EXPECT_EQ(coordinates(50.0, -180.5), std::nullopt);
  EXPECT_EQ(coordinates(kNan, 8.0), std::nullopt);
  EXPECT_EQ(coordinates(50.0, kInfinity), std::nullopt);
  EXPECT_EQ(coordinates("50 N", "8 E"), std::nullopt);
  EXPECT_EQ(coordinates("", ""), std::nullopt);
  EXPECT_EQ(coordinates(0.0, 0.0), std::nullopt);
  EXPECT_NE(coordinates(0.0, 8.0), std::nullopt);
  EXPECT_EQ(read({{"latitude", 50.0}, {"country_code", "DE"}}).coordinates, std::nullopt);
}

TEST(ReadRecord, ReadsAsNumbersFromIntegersAndStrings) {
  EXPECT_EQ(read({{"autonomous_system_number", std::uint16_t{700}}}).asn, 700U);
  EXPECT_EQ(read({{"autonomous_system_number", "4200000000"}}).asn, 4200000000U);
  EXPECT_EQ(read({{"traits", MmdbMap{{"autonomous_system_number", std::uint32_t{9}}}}}).asn, 9U);
  EXPECT_EQ(read({{"asn", "AS4294967296"}, {"country_code", "DE"}}).asn, 0U);
  EXPECT_EQ(read({{"asn", "none"}, {"country_code", "DE"}}).asn, 0U);
}

TEST(ReadRecord, MakesSubdivisionsOfCodesAndNames) {
  const auto subdivision = [](const char* key, const char* text, const char* in = "IN") {
    return read({{"country_code", in}, {key, text}}).subdivision;
  };
  EXPECT_EQ(subdivision("state_code", "KA"), "IN-KA");
  EXPECT_EQ(subdivision("region_code", "IN-KA"), "IN-KA");
  EXPECT_EQ(subdivision("subdivision", "DE-BE", "DE"), "DE-BE");
  EXPECT_EQ(subdivision("state1", "National Capital Territory of Delhi"), "IN-DL");
  EXPECT_EQ(subdivision("region", "Odisha"), "IN-OD");
}

TEST(ReadRecord, ReplacesFormerCodesOfSubdivisions) {
  EXPECT_EQ(read({{"country_code", "IN"}, {"state_code", "OR"}}).subdivision, "IN-OD");
  EXPECT_EQ(read({{"country", MmdbMap{{"iso_code", "IN"}}},
                  {"subdivisions", MmdbArray{MmdbMap{{"iso_code", "TG"}}}}})
                .subdivision,
            "IN-TS");
}

TEST(ReadRecord, LeavesSubdivisionsEmptyThatHaveNoCode) {
  const auto subdivision = [](MmdbMap record) { return read(std::move(record)).subdivision; };
  EXPECT_EQ(subdivision({{"country_code", "DE"}, {"state1", "Hesse"}}), "");
  EXPECT_EQ(subdivision({{"country_code", "US"}, {"state1", ""}}), "");
  EXPECT_EQ(subdivision({{"country_code", "US"}, {"state1", "Ontario"}}), "");
  EXPECT_EQ(subdivision({{"country_code", "US"}, {"state_code", "CA-ON"}}), "");
  EXPECT_EQ(subdivision({{"country_code", "US"}, {"state_code", "ZZ"}}), "");
  EXPECT_EQ(subdivision({{"continent_code", "NA"}, {"state_code", "VA"}}), "");
}

TEST(ReadRecord, AllowsForValuesOfOtherTypes) {
  EXPECT_EQ(read({{"country", MmdbArray{"DE"}}, {"location", "here"}, {"asn", true}}), Location{});
  EXPECT_EQ(
      read({{"subdivisions", MmdbMap{{"iso_code", "VA"}}}, {"country_code", "US"}}).subdivision,
      "");
}

}  // namespace
}  // namespace geo
