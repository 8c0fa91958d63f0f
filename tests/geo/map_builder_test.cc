#include "geo/map_builder.h"

#include <gtest/gtest.h>

#include "geo/countries.h"

namespace geo {
namespace {

constexpr Coordinates kRichmond{37.54, -77.44};

Location place(std::string_view country, std::string subdivision = "",
               std::optional<Coordinates> coordinates = std::nullopt) {
  Location location;
  location.country = CountryCode::from_text(country);
  location.subdivision = std::move(subdivision);
  location.coordinates = coordinates;
  return location;
}

Location with_asn(Location location, std::uint32_t asn) {
  location.asn = asn;
  return location;
}

TEST(Merged, FillsInWhatIsMissing) {
  EXPECT_EQ(merged({}, place("US", "US-VA", kRichmond)), place("US", "US-VA", kRichmond));
  EXPECT_EQ(merged(place("US"), place("US", "US-VA", kRichmond)), place("US", "US-VA", kRichmond));
  EXPECT_EQ(merged(place("US", "US-VA"), with_asn({}, 7)), with_asn(place("US", "US-VA"), 7));
}

TEST(Merged, KeepsWhatIsKnown) {
  const Location known = with_asn(place("US", "US-VA", kRichmond), 7);
  EXPECT_EQ(merged(known, with_asn(place("US", "US-VA", Coordinates{38, -78}), 8)), known);
}

TEST(Merged, TakesNothingOfAnotherCountryButTheAsNumber) {
  EXPECT_EQ(merged(place("DE"), with_asn(place("US", "US-VA", kRichmond), 7)),
            with_asn(place("DE"), 7));
}

TEST(Merged, TakesNothingOfAnotherContinentButTheAsNumber) {
  Location europe;
  europe.continent = Continent::EU;
  EXPECT_EQ(merged(europe, with_asn(place("US", "US-VA", kRichmond), 7)), with_asn(europe, 7));
  const Location germany = merged(europe, place("DE"));
  EXPECT_EQ(germany.country, CountryCode::from_text("DE"));
}

TEST(Merged, LetsOneCountryBeOnTwoContinents) {
  Location asia = place("CY");
  asia.continent = Continent::AS;
  Location europe = place("CY", "", Coordinates{35, 33});
  europe.continent = Continent::EU;
  const Location both = merged(asia, europe);
  EXPECT_EQ(both.continent, Continent::AS);
  EXPECT_EQ(both.coordinates, (Coordinates{35, 33}));
}

TEST(Merged, TakesNoCoordinatesOfAnotherSubdivision) {
  EXPECT_EQ(merged(place("US", "US-MD"), place("US", "US-VA", kRichmond)), place("US", "US-MD"));
}

TEST(Merged, TakesCoordinatesThatNameNoCountry) {
  Location point;
  point.coordinates = kRichmond;
  EXPECT_EQ(merged(place("US", "US-VA"), point), place("US", "US-VA", kRichmond));
}

Location from(std::uint8_t source, Location location) {
  location.source = source;
  return location;
}

TEST(Merged, NamesTheSourceOfTheCountryElseOfTheCoordinates) {
  Location europe;
  europe.continent = Continent::EU;
  Location point;
  point.coordinates = Coordinates{50, 8};
  EXPECT_EQ(merged(from(1, place("DE")), from(2, point)).source, 1);
  EXPECT_EQ(merged(from(1, point), from(2, place("DE"))).source, 2);
  EXPECT_EQ(merged(from(1, europe), from(2, point)).source, 2);
  EXPECT_EQ(merged(from(1, europe), from(2, europe)).source, 1);
  EXPECT_EQ(merged(from(1, place("DE")), from(2, place("US"))).source, 1);
  EXPECT_EQ(merged(with_asn({}, 7), from(2, place("US"))).source, 2);
}

TEST(Completed, FindsTheContinentOfTheCountry) {
  EXPECT_EQ(completed(place("JP")).continent, Continent::AS);
  Location stated = place("TR");
  stated.continent = Continent::EU;
  EXPECT_EQ(completed(stated).continent, Continent::EU);
}

TEST(Completed, PutsTheClosestCentroidWhereCoordinatesAreMissing) {
  const Location virginia = completed(place("US", "US-VA"));
  EXPECT_EQ(virginia.coordinates, find_subdivision("US-VA")->centroid);
  EXPECT_TRUE(virginia.coordinates_are_centroid);
  const Location hesse = completed(place("DE", "DE-HE"));
  EXPECT_EQ(hesse.coordinates, find_country("DE")->centroid);
  EXPECT_TRUE(hesse.coordinates_are_centroid);
}

TEST(Completed, KeepsCoordinates) {
  const Location richmond = completed(place("US", "US-VA", kRichmond));
  EXPECT_EQ(richmond.coordinates, kRichmond);
  EXPECT_FALSE(richmond.coordinates_are_centroid);
}

TEST(Completed, LeavesNowhereAsItIs) {
  EXPECT_EQ(completed({}), Location{});
  EXPECT_EQ(completed(with_asn({}, 7)), with_asn({}, 7));
}

// Countries as leaves of a tree that divides once.
Database halves(std::string_view left, std::string_view right) {
  Database database;
  database.tree.records = {Location{}, place(left), place(right)};
  database.tree.nodes = {{{Tree::kLeaf | 1, Tree::kLeaf | 2}}};
  database.tree.root4 = 0;
  return database;
}

TEST(MapBuilder, BuildsNothingOfNothing) {
  const Map map = MapBuilder::build({});
  EXPECT_EQ(map.node_count(), 0U);
  EXPECT_EQ(map.location_count(), 1U);
  const Placement placement = map.locate({});
  EXPECT_EQ(*placement.location, Location{});
  EXPECT_EQ(placement.depth, 0);
}

TEST(MapBuilder, JoinsNeighborsThatBecomeEqual) {
  // The second database divides what the first one knows as a whole.
  Database whole;
  whole.tree.records = {Location{}, place("DE", "", Coordinates{50, 8})};
  whole.tree.root4 = Tree::kLeaf | 1;
  std::vector<Database> databases{whole, halves("US", "JP")};
  EXPECT_EQ(MapBuilder::build(databases).node_count(), 0U);
  std::swap(databases[0], databases[1]);
  EXPECT_EQ(MapBuilder::build(databases).node_count(), 1U);
}

TEST(MapBuilder, SaysWhichDatabaseToldTheCountry) {
  Database numbers;
  numbers.tree.records = {Location{}, with_asn({}, 7)};
  numbers.tree.root4 = Tree::kLeaf | 1;
  Database half = halves("US", "JP");
  half.tree.nodes[0].children[1] = Tree::kLeaf;
  const Map map = MapBuilder::build({numbers, half, halves("DE", "FR")});
  EXPECT_EQ(map.locate({}).location->source, 2);
  EXPECT_EQ(map.locate(dnswire::IpAddress::from_text("192.0.2.1").value()).location->source, 3);
  EXPECT_EQ(MapBuilder::build({numbers}).locate({}).location->source, 0);
}

TEST(MapBuilder, KeepsTheDatabasesInOrder) {
  std::vector<Database> databases{halves("DE", "FR"), halves("US", "JP")};
  databases[0].info.path = "first";
  databases[1].info.path = "second";
  const Map map = MapBuilder::build(databases);
  ASSERT_EQ(map.databases().size(), 2U);
  EXPECT_EQ(map.databases()[0].path, "first");
  EXPECT_EQ(map.databases()[1].path, "second");
  EXPECT_EQ(map.locate({}).location->country, CountryCode::from_text("DE"));
}

}  // namespace
}  // namespace geo
