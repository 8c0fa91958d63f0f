#include "server/admin/location_text.h"

#include <gtest/gtest.h>

namespace admin {
namespace {

TEST(LocationText, SaysWhatIsKnown) {
  geo::Location location;
  EXPECT_EQ(location_text(location), "an unknown place");
  location.asn = 64500;
  EXPECT_EQ(location_text(location), "AS64500");
  location.continent = geo::Continent::AS;
  EXPECT_EQ(location_text(location), "Asia, AS64500");
  location.country = geo::CountryCode::from_text("JP");
  location.coordinates = geo::Coordinates{35.681, 139.767};
  EXPECT_EQ(location_text(location), "Japan (JP, Asia), at 35.68, 139.77, AS64500");
  location.coordinates_are_centroid = true;
  location.asn = 0;
  EXPECT_EQ(location_text(location), "Japan (JP, Asia), at 35.68, 139.77 (centroid)");
}

TEST(LocationText, NamesTheSubdivision) {
  geo::Location location;
  location.country = geo::CountryCode::from_text("US");
  location.continent = geo::Continent::NA;
  location.subdivision = "US-VA";
  EXPECT_EQ(location_text(location), "United States (US, North America), US-VA (Virginia)");
  location.subdivision = "US-ZZ";
  EXPECT_EQ(location_text(location), "United States (US, North America), US-ZZ");
}

TEST(SourceText, IsTheFileOrACorrection) {
  const std::vector<geo::DatabaseInfo> databases{{"/a/city.mmdb", {}, {}, 0},
                                                 {"country.mmdb", {}, {}, 0}};
  geo::Location location;
  EXPECT_EQ(source_text(location, databases), "");
  location.source = 1;
  EXPECT_EQ(source_text(location, databases), "city.mmdb");
  location.source = 2;
  EXPECT_EQ(source_text(location, databases), "country.mmdb");
  location.source = geo::kFromCorrection;
  EXPECT_EQ(source_text(location, databases), "a correction");
}

}  // namespace
}  // namespace admin
