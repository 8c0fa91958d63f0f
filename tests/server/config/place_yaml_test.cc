#include "server/config/place_yaml.h"

#include <gmock/gmock.h>

namespace config {
namespace {

using testing::ElementsAre;

class PlaceYaml : public testing::Test {
 protected:
  std::optional<Place> read(const std::string& text) {
    problems_.clear();
    return read_place(file_, *file_.parse(text), "`at`");
  }
  std::vector<std::string> complaints(const std::string& text) {
    EXPECT_FALSE(read(text)) << text;
    std::vector<std::string> texts;
    for (const auto& problem : problems_) texts.push_back(problem.text);
    return texts;
  }
  zones::Problems problems_;
  YamlFile file_{"f.yaml", problems_};
};

TEST_F(PlaceYaml, ReadsPlaces) {
  const auto norway = read("NO");
  ASSERT_TRUE(norway);
  EXPECT_EQ(norway->country, geo::find_country("NO"));
  EXPECT_EQ(norway->coordinates, geo::find_country("NO")->centroid);
  EXPECT_EQ(norway->text, "NO");
  EXPECT_EQ(norway->subdivision, "");

  const auto virginia = read("US-VA");
  ASSERT_TRUE(virginia);
  EXPECT_EQ(virginia->country, geo::find_country("US"));
  EXPECT_EQ(virginia->subdivision, "US-VA");
  EXPECT_EQ(virginia->coordinates, geo::find_subdivision("US-VA")->centroid);

  const auto point = read("[50.11, -8.5]");
  ASSERT_TRUE(point);
  EXPECT_EQ(point->coordinates, (geo::Coordinates{50.11, -8.5}));
  EXPECT_EQ(point->text, "50.11, -8.5");
  EXPECT_EQ(point->country, nullptr);
}

TEST_F(PlaceYaml, SaysWhatIsWrong) {
  const std::string none =
      ", which is no country (`JP`) and no subdivision that fairlead knows (`US-VA`)";
  EXPECT_THAT(complaints("XX"),
              ElementsAre("`at` is `XX`" + none + "; [latitude, longitude] always works"));
  EXPECT_THAT(complaints("jp"), ElementsAre("`at` is `jp`" + none + ", did you mean `JP`?"));
  EXPECT_THAT(complaints("Japan"), ElementsAre("`at` is `Japan`" + none + ", did you mean `JP`?"));
  EXPECT_THAT(complaints("UK"), ElementsAre("`at` is `UK`" + none + ", did you mean `GB`?"));
  EXPECT_THAT(complaints("Virginia"),
              ElementsAre("`at` is `Virginia`" + none + ", did you mean `US-VA`?"));
  const std::string point = "`at` is not [latitude, longitude] in degrees, such as [50.11, 8.68]";
  for (const char* wrong : {"[91, 8]", "[50, 181]", "[50]", "[50, 8, 1]", "[a, b]", "[[], 1]",
                            "[nan, 1]", "[inf, 1]", "[\"\", 1]"}) {
    EXPECT_THAT(complaints(wrong), ElementsAre(point)) << wrong;
  }
}

TEST(SubdivisionCode, IsOfACountryThatThereIs) {
  EXPECT_EQ(subdivision_code("US-VA"), "US-VA");
  EXPECT_EQ(subdivision_code("FR-75"), "FR-75");
  EXPECT_EQ(subdivision_code("IN-OR"), "IN-OD");
  for (const char* wrong : {"", "US", "US-", "XX-VA", "us-va", "US-VIRG", "US_VA", "US-va"}) {
    EXPECT_FALSE(subdivision_code(wrong)) << wrong;
  }
}

TEST(DenySubdivision, KnowsThoseOfLargeCountries) {
  EXPECT_EQ(deny_subdivision("US-VV"),
            "no subdivision of United States, did you mean `US-VA`, `US-VI` or `US-VT`?");
  EXPECT_EQ(deny_subdivision("US-99"), "no subdivision of United States");
  EXPECT_EQ(deny_subdivision("US-VA"), "");
  EXPECT_EQ(deny_subdivision("IN-OR"), "") << "replaced, and known";
  EXPECT_EQ(deny_subdivision("FR-999"), "") << "of which we know none";
}

}  // namespace
}  // namespace config
