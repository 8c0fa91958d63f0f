#include "geo/location_index.h"

#include <gtest/gtest.h>

namespace geo {
namespace {

Location somewhere() {
  Location location;
  location.continent = Continent::NA;
  location.country = CountryCode::from_text("US");
  location.subdivision = "US-VA";
  location.coordinates = Coordinates{37.5, -77.5};
  location.asn = 64500;
  return location;
}

TEST(LocationIndex, HasNowhereAsNumberZero) {
  LocationIndex index;
  EXPECT_EQ(index[0], Location{});
  EXPECT_EQ(index.add({}), 0U);
}

TEST(LocationIndex, GivesEqualLocationsOneNumber) {
  LocationIndex index;
  EXPECT_EQ(index.add(somewhere()), 1U);
  EXPECT_EQ(index.add(somewhere()), 1U);
  EXPECT_EQ(std::move(index).take().size(), 2U);
}

TEST(LocationIndex, TellsLocationsApartByEveryField) {
  std::vector<Location> others(6, somewhere());
  others[0].continent = std::nullopt;
  others[1].country = CountryCode::from_text("CA");
  others[2].subdivision = "US-MD";
  others[3].coordinates->latitude = 38.5;
  others[4].coordinates_are_centroid = true;
  others[5].asn = 0;
  LocationIndex index;
  const std::uint32_t first = index.add(somewhere());
  for (const Location& other : others) {
    const std::uint32_t number = index.add(other);
    EXPECT_NE(number, first);
    EXPECT_EQ(index[number], other);
  }
}

}  // namespace
}  // namespace geo
