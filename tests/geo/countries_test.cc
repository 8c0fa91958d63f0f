#include "geo/countries.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace geo {
namespace {

struct Box {
  double south, north, west, east;  // west > east: across the antimeridian
};

bool contains(const Box& box, Coordinates point) {
  const bool longitude = box.west <= box.east
                             ? point.longitude >= box.west && point.longitude <= box.east
                             : point.longitude >= box.west || point.longitude <= box.east;
  return point.latitude >= box.south && point.latitude <= box.north && longitude;
}

Box box_of(Continent continent) {
  switch (continent) {
    case Continent::AF:
      return {-40, 38, -26, 64};
    case Continent::AN:
      return {-90, -49, -180, 180};
    case Continent::AS:
      return {-13, 56, 25, 150};
    case Continent::EU:
      return {34, 82, -32, 70};
    case Continent::NA:
      return {7, 84, -180, -10};
    case Continent::OC:
      return {-56, 30, 100, -80};
    case Continent::SA:
      return {-60, 14, -93, -30};
  }
  return {};
}

Coordinates centroid(std::string_view code) {
  if (const Country* country = find_country(code)) return country->centroid;
  if (const Subdivision* subdivision = find_subdivision(code)) return subdivision->centroid;
  ADD_FAILURE() << code << " is unknown";
  return {};
}

TEST(Countries, AreThoseOfIsoAndKosovo) {
  EXPECT_EQ(countries().size(), 250U);
  EXPECT_NE(find_country("XK"), nullptr);
}

TEST(Countries, AreSortedAndUnique) {
  for (std::size_t i = 1; i < countries().size(); ++i) {
    EXPECT_LT(countries()[i - 1].code, countries()[i].code);
  }
  std::map<std::string_view, int> names;
  for (const Country& country : countries()) EXPECT_EQ(++names[country.name], 1) << country.name;
}

TEST(Countries, HaveCodesThatAreTheirOwn) {
  for (const Country& country : countries()) {
    const auto code = CountryCode::from_text(country.code);
    ASSERT_TRUE(code) << country.code;
    EXPECT_EQ(code->text(), country.code);
    EXPECT_EQ(find_country(country.code), &country);
  }
}

TEST(Countries, LieOnTheirContinent) {
  for (const Country& country : countries()) {
    EXPECT_TRUE(contains(box_of(country.continent), country.centroid)) << country.code;
  }
}

TEST(Countries, AreSpreadOverTheContinents) {
  std::map<Continent, int> counts;
  for (const Country& country : countries()) ++counts[country.continent];
  const std::map<Continent, int> expected{
      {Continent::AF, 58}, {Continent::AN, 5},  {Continent::AS, 51}, {Continent::EU, 53},
      {Continent::NA, 41}, {Continent::OC, 28}, {Continent::SA, 14}};
  EXPECT_EQ(counts, expected);
}

TEST(Countries, OnTheEdgeOfContinentsAreWhereTheDatabasesPutThem) {
  const auto continent = [](std::string_view code) { return find_country(code)->continent; };
  for (const std::string_view code : {"RU", "CY", "XK", "AX", "FO", "SJ", "GI", "MT", "IS"}) {
    EXPECT_EQ(continent(code), Continent::EU) << code;
  }
  for (const std::string_view code : {"TR", "GE", "AM", "AZ", "KZ", "IL", "CC", "IO", "HK"}) {
    EXPECT_EQ(continent(code), Continent::AS) << code;
  }
  for (const std::string_view code : {"EG", "RE", "YT", "SH", "CV"}) {
    EXPECT_EQ(continent(code), Continent::AF) << code;
  }
  for (const std::string_view code : {"GL", "BM", "PM", "TT", "AW", "CW", "PA", "PR"}) {
    EXPECT_EQ(continent(code), Continent::NA) << code;
  }
  for (const std::string_view code : {"GS", "BV", "HM", "TF", "AQ"}) {
    EXPECT_EQ(continent(code), Continent::AN) << code;
  }
  for (const std::string_view code : {"CX", "UM", "GU", "PF", "NC", "TL"}) {
    EXPECT_EQ(continent(code), Continent::OC) << code;
  }
  EXPECT_EQ(continent("FK"), Continent::SA);
  EXPECT_EQ(continent("GF"), Continent::SA);
}

TEST(Countries, AreAsFarApartAsOnTheMap) {
  struct Row {
    std::string_view a, b;
    double least, most;  // km
  };
  for (const Row& row : {
           Row{"BE", "NL", 100, 250},
           Row{"BE", "LU", 80, 200},
           Row{"DE", "CZ", 250, 450},
           Row{"DE", "FR", 600, 900},
           Row{"ES", "PT", 250, 500},
           Row{"FR", "ES", 700, 1000},
           Row{"IT", "VA", 0, 250},
           Row{"IT", "SM", 0, 200},
           Row{"GB", "IE", 300, 500},
           Row{"NO", "SE", 250, 500},
           Row{"SE", "FI", 450, 800},
           Row{"EE", "FI", 250, 450},
           Row{"LV", "EE", 150, 300},
           Row{"PL", "DE", 500, 750},
           Row{"UA", "PL", 700, 1100},
           Row{"UA", "BY", 400, 700},
           Row{"RO", "BG", 250, 450},
           Row{"TR", "GR", 800, 1100},
           Row{"US", "CA", 1000, 1600},
           Row{"US", "MX", 1800, 2300},
           Row{"BR", "AR", 2000, 2700},
           Row{"AR", "CL", 700, 1100},
           Row{"PE", "EC", 700, 1300},
           Row{"CO", "VE", 700, 1100},
           Row{"JP", "KR", 700, 1100},
           Row{"KR", "KP", 300, 500},
           Row{"CN", "HK", 1000, 1300},
           Row{"HK", "MO", 40, 90},
           Row{"HK", "TW", 600, 850},
           Row{"SG", "MY", 200, 450},
           Row{"ID", "SG", 900, 1300},
           Row{"AU", "NZ", 2300, 3000},
           Row{"NZ", "FJ", 2100, 2700},
           Row{"IN", "LK", 1500, 1900},
           Row{"IN", "PK", 1000, 1500},
           Row{"EG", "IL", 300, 500},
           Row{"IL", "PS", 0, 60},
           Row{"ZA", "LS", 150, 350},
           Row{"KE", "TZ", 500, 900},
           Row{"NG", "BJ", 450, 750},
           Row{"GB", "US", 6500, 7500},
           Row{"DE", "JP", 8700, 9500},
           Row{"AU", "GB", 16000, 17500},
           Row{"IS", "GL", 1200, 1900},
           Row{"US-CA", "US-NY", 3500, 4200},
           Row{"US-VA", "US-DC", 80, 200},
           Row{"US-WA", "US-OR", 200, 400},
           Row{"US-HI", "US-CA", 3700, 4300},
           Row{"US-TX", "US-OK", 400, 650},
           Row{"CA-ON", "CA-QC", 400, 700},
           Row{"CA-BC", "US-WA", 200, 350},
           Row{"BR-SP", "BR-RJ", 300, 500},
           Row{"AU-NSW", "AU-VIC", 500, 800},
           Row{"AU-WA", "AU-NSW", 2900, 3500},
           Row{"CN-BJ", "CN-TJ", 80, 160},
           Row{"CN-SH", "CN-BJ", 950, 1150},
           Row{"CN-GD", "CN-HK", 60, 200},
           Row{"IN-DL", "IN-HR", 30, 150},
           Row{"IN-MH", "IN-DL", 900, 1300},
           Row{"IN-KA", "IN-TN", 300, 500},
           Row{"RU-MOW", "RU-SPE", 580, 680},
           Row{"RU-MOW", "RU-MOS", 0, 60},
           Row{"RU-SPE", "FI", 250, 450},
           Row{"RU-PRI", "RU-MOW", 6000, 6800},
           Row{"RU-KGD", "LT", 100, 300},
           Row{"US-AK", "US-WA", 2000, 2600},
       }) {
    const double km = distance_km(centroid(row.a), centroid(row.b));
    EXPECT_GE(km, row.least) << row.a << ' ' << row.b;
    EXPECT_LE(km, row.most) << row.a << ' ' << row.b;
  }
}

TEST(FindCountry, KnowsOnlyUpperCaseCodes) {
  EXPECT_EQ(find_country("NO")->name, "Norway");
  EXPECT_EQ(find_country("NA")->name, "Namibia");
  for (const std::string_view code : {"", "no", "ZZ", "EU", "USA", "N", "AA"}) {
    EXPECT_EQ(find_country(code), nullptr) << code;
  }
}

TEST(Subdivisions, AreSortedAndUnique) {
  for (std::size_t i = 1; i < subdivisions().size(); ++i) {
    EXPECT_LT(subdivisions()[i - 1].code, subdivisions()[i].code);
  }
}

TEST(Subdivisions, AreThoseOfSevenCountries) {
  std::map<std::string_view, int> counts;
  for (const Subdivision& subdivision : subdivisions()) ++counts[subdivision.code.substr(0, 2)];
  const std::map<std::string_view, int> expected{{"AU", 8},  {"BR", 27}, {"CA", 13}, {"CN", 34},
                                                 {"IN", 36}, {"RU", 83}, {"US", 57}};
  EXPECT_EQ(counts, expected);
}

TEST(Subdivisions, LieInTheirCountry) {
  const std::map<std::string_view, Box> boxes{
      {"AU", {-44, -10, 112, 154}}, {"BR", {-34, 6, -74, -34}}, {"CA", {41, 84, -142, -52}},
      {"CN", {18, 54, 73, 135}},    {"IN", {6, 36, 68, 98}},    {"RU", {41, 82, 19, -169}},
      {"US", {18, 72, 172, -66}}};
  for (const Subdivision& subdivision : subdivisions()) {
    // The outlying areas have codes of their own too.
    const Country* area = find_country(subdivision.code.substr(3));
    if (area != nullptr && area->name == subdivision.name) {
      EXPECT_EQ(subdivision.centroid, area->centroid) << subdivision.code;
      continue;
    }
    EXPECT_TRUE(contains(boxes.at(subdivision.code.substr(0, 2)), subdivision.centroid))
        << subdivision.code;
  }
}

TEST(FindSubdivision, KnowsOnlyFullCodes) {
  EXPECT_EQ(find_subdivision("US-VA")->name, "Virginia");
  EXPECT_EQ(find_subdivision("RU-MOW")->name, "Moscow");
  for (const std::string_view code : {"", "US", "VA", "US-", "us-va", "US-XX", "DE-BE"}) {
    EXPECT_EQ(find_subdivision(code), nullptr) << code;
  }
}

TEST(FindSubdivision, FollowsCodesThatWereReplaced) {
  EXPECT_EQ(find_subdivision("IN-OR")->code, "IN-OD");
  EXPECT_EQ(find_subdivision("IN-TG")->code, "IN-TS");
  EXPECT_EQ(find_subdivision("IN-CT")->code, "IN-CG");
  EXPECT_EQ(find_subdivision("IN-UT")->code, "IN-UK");
  EXPECT_EQ(find_subdivision("IN-DN"), find_subdivision("IN-DD"));
}

}  // namespace
}  // namespace geo
