#include "geo/countries.h"
#include "tests/server/config/files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class GeoOptions : public Files {
 protected:
  std::vector<std::string> complaints(const std::string& text) {
    write("zones/a.yaml", "zone: example.org\nrecords:\n" + kApex);
    write("fairlead.yaml", "zones: zones\n" + text + "\n");
    return problems();
  }
  // In line 2, from column 21 on.
  std::vector<std::string> complaints_about_correction(const std::string& correction) {
    return complaints("geo: {corrections: [" + correction + "]}");
  }
  Options options_of(const std::string& text) {
    EXPECT_THAT(complaints(text), ElementsAre("loaded"));
    const auto loaded = load();
    return loaded ? loaded->options : Options{};
  }
  geo::Location location_of(const std::string& correction) {
    const auto options = options_of("geo: {corrections: [" + correction + "]}");
    EXPECT_THAT(options.corrections, SizeIs(1));
    return options.corrections.empty() ? geo::Location{} : options.corrections[0].location;
  }
};

TEST_F(GeoOptions, ReadsACountry) {
  const auto location = location_of("{net: 203.0.113.0/24, at: JP}");
  EXPECT_EQ(location.country->text(), "JP");
  EXPECT_EQ(location.continent, geo::Continent::AS);
  EXPECT_EQ(location.subdivision, "");
  EXPECT_EQ(location.coordinates, geo::find_country("JP")->centroid);
  EXPECT_TRUE(location.coordinates_are_centroid);
  EXPECT_EQ(location.asn, 0U);
}

TEST_F(GeoOptions, ReadsASubdivision) {
  const auto location = location_of("{net: 203.0.113.0/24, at: US-VA, asn: 64500}");
  EXPECT_EQ(location.country->text(), "US");
  EXPECT_EQ(location.continent, geo::Continent::NA);
  EXPECT_EQ(location.subdivision, "US-VA");
  EXPECT_EQ(location.coordinates, geo::find_subdivision("US-VA")->centroid);
  EXPECT_EQ(location.asn, 64500U);
}

TEST_F(GeoOptions, ReadsCoordinatesWithAndWithoutTheirCountry) {
  const auto bare = location_of("{net: 203.0.113.0/24, at: [50.11, 8.68]}");
  EXPECT_EQ(bare.coordinates, (geo::Coordinates{50.11, 8.68}));
  EXPECT_FALSE(bare.coordinates_are_centroid);
  EXPECT_FALSE(bare.country);
  EXPECT_FALSE(bare.continent);
  const auto with = location_of("{net: 203.0.113.0/24, at: [50.11, 8.68], country: DE}");
  EXPECT_EQ(with.country->text(), "DE");
  EXPECT_EQ(with.continent, geo::Continent::EU);
}

TEST_F(GeoOptions, AnAsNumberAloneLeavesThePlace) {
  geo::Location only_asn;
  only_asn.asn = 64500;
  EXPECT_EQ(location_of("{net: 203.0.113.0/24, asn: 64500}"), only_asn);
}

TEST_F(GeoOptions, ACorrectionMayBeOfSeveralNetworks) {
  const auto corrections =
      options_of(
          "geo: {corrections: [{net: [203.0.113.0/24, \"2001:db8::/32\"], at: JP}, {net: "
          "203.0.0.0/16, at: KR}]}")
          .corrections;
  ASSERT_THAT(corrections, SizeIs(3));
  EXPECT_EQ(corrections[1].net.to_text(), "2001:db8::/32");
  EXPECT_EQ(corrections[1].location, corrections[0].location);
  EXPECT_EQ(corrections[2].location.country->text(), "KR");
}

TEST_F(GeoOptions, SaysWhatIsWrongWithACorrection) {
  const auto wrong = [](const std::string& column, const std::string& text) {
    return ElementsAre("fairlead.yaml:2:" + column + ": " + text);
  };
  EXPECT_THAT(complaints("geo: {correction: []}"),
              ElementsAre("fairlead.yaml:2:7: unknown key `correction` in `geo`, did you mean "
                          "`corrections`?"));
  EXPECT_THAT(complaints_about_correction(""),
              wrong("20", "`corrections` of `geo` is an empty list"));
  EXPECT_THAT(complaints_about_correction("{at: JP}"), wrong("21", "a correction lacks `net`"));
  EXPECT_THAT(
      complaints_about_correction("{net: 203.0.113.0/24}"),
      wrong("21", "a correction says where networks are: `at: JP`, or whose: `asn: 64500`"));
  EXPECT_THAT(complaints_about_correction("{net: 203.0.113.0/24, at: Japan}"),
              wrong("47",
                    "`at` of a correction is `Japan`, which is no country (`JP`) and no "
                    "subdivision that fairlead knows (`US-VA`), did you mean `JP`?"));
  EXPECT_THAT(complaints_about_correction("{net: 203.0.113.0/24, at: JP, country: JP}"),
              wrong("60", "`country` of a correction: `at` tells it already; remove it"));
  EXPECT_THAT(complaints_about_correction("{net: 203.0.113.0/24, country: JP}"),
              wrong("52",
                    "`country` of a correction goes with `at: [latitude, longitude]`; alone it is "
                    "written `at: JP`"));
  EXPECT_THAT(complaints_about_correction("{net: 203.0.113.0/24, at: [1, 2], country: UK}"),
              wrong("64",
                    "`country` of a correction is `UK`, which is no ISO 3166-1 code in "
                    "capitals, such as `JP`, did you mean `GB`?"));
  EXPECT_THAT(
      complaints_about_correction("{net: 203.0.113.0/24, asn: 0}"),
      wrong("48", "`asn` of a correction is `0`, which is not a number from 1 to 4294967295"));
  EXPECT_THAT(complaints_about_correction("{net: [203.0.113.0/24, 203.0.113.0/24], at: JP}"),
              wrong("44", "`net` of a correction: 203.0.113.0/24 is corrected already"));
}

TEST_F(GeoOptions, RefusesNetworksThatHaveNoPlaceOfTheirOwn) {
  EXPECT_THAT(
      complaints_about_correction("{net: 203.0.113.64/26, at: JP}"),
      ElementsAre("fairlead.yaml:2:27: `net` of a correction: 203.0.113.64/26 is longer than "
                  "/24, the smallest network of IPv4 that has a place of its own; write "
                  "`203.0.113.0/24`"));
  EXPECT_THAT(complaints_about_correction("{net: \"2001:db8:0:1::/64\", at: JP}"),
              ElementsAre(HasSubstr("is longer than /56, the smallest network of IPv6 that has a "
                                    "place of its own; write `2001:db8::/56`")));
  EXPECT_THAT(complaints_about_correction("{net: 10.1.0.0/16, at: JP}"),
              ElementsAre(HasSubstr("10.1.0.0/16 is private or reserved, and such networks have no "
                                    "place; a rule can ask for it by `net`")));
  EXPECT_THAT(complaints_about_correction("{net: 0.0.0.0/0, at: JP}"), ElementsAre("loaded"));
}

TEST_F(GeoOptions, ReadsResolvers) {
  EXPECT_THAT(options_of("geo: {}").resolvers, IsEmpty());
  const auto one = options_of("resolver: 192.0.2.53").resolvers;
  ASSERT_THAT(one, SizeIs(1));
  EXPECT_EQ(one[0].to_text(), "192.0.2.53:53");
  const auto several =
      options_of("resolver: [\"2001:db8::53\", 192.0.2.53:5353, \"[2001:db8::53]:5353\"]")
          .resolvers;
  ASSERT_THAT(several, SizeIs(3));
  EXPECT_EQ(several[0].to_text(), "[2001:db8::53]:53");
  EXPECT_EQ(several[1].to_text(), "192.0.2.53:5353");
  EXPECT_EQ(several[2].to_text(), "[2001:db8::53]:5353");
}

TEST_F(GeoOptions, SaysWhatIsNoResolver) {
  for (const std::string text : {"dns.example.net", "192.0.2.53:0", "0.0.0.0", "192.0.2.53:x"}) {
    EXPECT_THAT(complaints("resolver: " + text),
                ElementsAre("fairlead.yaml:2:11: `resolver` is `" + text +
                            "`, which is not the address of a resolver, such as `192.0.2.53` or "
                            "`[2001:db8::53]:5353`"));
  }
  EXPECT_THAT(complaints("resolver: [192.0.2.53, 192.0.2.53:53]"),
              ElementsAre("fairlead.yaml:2:24: `resolver` names 192.0.2.53:53 twice"));
  EXPECT_THAT(complaints("resolver: []"),
              ElementsAre("fairlead.yaml:2:11: `resolver` is an empty list"));
}

}  // namespace
}  // namespace config
