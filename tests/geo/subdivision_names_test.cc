#include "geo/subdivision_names.h"

#include <gtest/gtest.h>

namespace geo {
namespace {

std::string_view code_of(std::string_view country, std::string_view name) {
  const Subdivision* found = find_subdivision_by_name(*CountryCode::from_text(country), name);
  return found == nullptr ? "" : found->code;
}

TEST(FindSubdivisionByName, KnowsEverySubdivisionByItsOwnName) {
  for (const Subdivision& subdivision : subdivisions()) {
    EXPECT_EQ(code_of(subdivision.code.substr(0, 2), subdivision.name), subdivision.code);
  }
}

TEST(FindSubdivisionByName, KnowsOtherSpellings) {
  EXPECT_EQ(code_of("BR", "Federal District"), "BR-DF");
  EXPECT_EQ(code_of("IN", "National Capital Territory of Delhi"), "IN-DL");
  EXPECT_EQ(code_of("RU", "St.-Petersburg"), "RU-SPE");
  EXPECT_EQ(code_of("RU", "Altai"), "RU-AL");
  EXPECT_EQ(code_of("RU", "North Ossetia\u2013Alania"), "RU-SE");
}

TEST(FindSubdivisionByName, StaysInTheCountry) {
  EXPECT_EQ(code_of("IN", "Punjab"), "IN-PB");
  EXPECT_EQ(code_of("PK", "Punjab"), "");
  EXPECT_EQ(code_of("CA", "Virginia"), "");
  EXPECT_EQ(code_of("US", "Federal District"), "");
}

TEST(FindSubdivisionByName, DoesNotGuess) {
  EXPECT_EQ(code_of("US", ""), "");
  EXPECT_EQ(code_of("US", "virginia"), "");
  EXPECT_EQ(code_of("US", "US-VA"), "");
}

}  // namespace
}  // namespace geo
