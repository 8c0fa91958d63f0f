#include "tests/server/config/dynamic_files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RuleYaml : public DynamicFiles {};

TEST_F(RuleYaml, ReadsEachKindOfCondition) {
  EXPECT_THAT(rule_of("{continent: [AS, OC]}").continents,
              ElementsAre(geo::Continent::AS, geo::Continent::OC));
  EXPECT_THAT(rule_of("{country: NO}").countries, ElementsAre(*geo::CountryCode::from_text("NO")));
  EXPECT_THAT(rule_of("{subdivision: [US-VA, DE-BE, GB-ENG]}").subdivisions,
              ElementsAre("US-VA", "DE-BE", "GB-ENG"));
  EXPECT_THAT(rule_of("{asn: [7018, AS64500, 4294967295]}").asns,
              ElementsAre(7018, 64500, 4294967295));
  const auto near = rule_of("{near: {point: [50.11, 8.68], km: 300.5}}").near;
  EXPECT_THAT(near, ElementsAre(steering::Circle{{50.11, 8.68}, 300.5}));
  EXPECT_THAT(rule_of("{near: [{point: JP, km: 1500}, {point: US-VA, km: 20016}]}").near,
              SizeIs(2));
  EXPECT_THAT(*rule_of("{net: [192.0.2.0/24, 192.0.3.7]}").nets, SizeIs(2));
}

TEST_F(RuleYaml, TakesSeveralKindsTogether) {
  const auto rule = rule_of("{country: US, asn: 7018, net: 192.0.2.0/24}");
  EXPECT_THAT(rule.countries, SizeIs(1));
  EXPECT_THAT(rule.asns, SizeIs(1));
  EXPECT_TRUE(rule.nets);
  EXPECT_FALSE(rule.catches_all());
}

TEST_F(RuleYaml, TakesReplacedCodesForTheCurrentOnes) {
  EXPECT_THAT(rule_of("{subdivision: IN-OR}").subdivisions, ElementsAre("IN-OD"));
}

TEST_F(RuleYaml, SaysWhichCodesThereAreNot) {
  const std::string continents = "which is none of `AF`, `AN`, `AS`, `EU`, `NA`, `OC` or `SA`";
  EXPECT_THAT(
      complaints_about("{continent: JP}"),
      ElementsAre("`continent` is `JP`, " + continents + "; for a country write `country`"));
  EXPECT_THAT(complaints_about("{continent: [Europe, oc]}"),
              ElementsAre("`continent` is `Europe`, " + continents + ", did you mean `EU`?",
                          "`continent` is `oc`, " + continents + ", did you mean `OC`?"));
  const std::string no_country = "which is no ISO 3166-1 code in capitals, such as `JP`";
  EXPECT_THAT(complaints_about("{country: [jp, UK, Germany, EUR]}"),
              ElementsAre("`country` is `jp`, " + no_country + ", did you mean `JP`?",
                          "`country` is `UK`, " + no_country + ", did you mean `GB`?",
                          "`country` is `Germany`, " + no_country + ", did you mean `DE`?",
                          "`country` is `EUR`, " + no_country));
  EXPECT_THAT(
      complaints_about("{country: [EU, US-VA]}"),
      ElementsAre(
          "`country` is `EU`, " + no_country + "; for a continent write `continent`",
          "`country` is `US-VA`, " + no_country + "; for a subdivision write `subdivision`"));
  const std::string no_code = "which is no ISO 3166-2 code in capitals, such as `US-VA`";
  EXPECT_THAT(
      complaints_about("{subdivision: [US, Virginia, XX-YYY, US-, DE-BERL]}"),
      ElementsAre("`subdivision` is `US`, " + no_code + "; for a country write `country`",
                  "`subdivision` is `Virginia`, " + no_code + ", did you mean `US-VA`?",
                  "`subdivision` is `XX-YYY`, " + no_code, "`subdivision` is `US-`, " + no_code,
                  "`subdivision` is `DE-BERL`, " + no_code));
  EXPECT_THAT(
      complaints_about("{subdivision: [US-VV, CA-XX]}"),
      ElementsAre(
          "`subdivision` is `US-VV`, which is no subdivision of United States, did you mean "
          "`US-VA`, `US-VI` or `US-VT`?",
          "`subdivision` is `CA-XX`, which is no subdivision of Canada"));
}

TEST_F(RuleYaml, SaysWhatIsNoAsNumber) {
  EXPECT_THAT(
      complaints_about("{asn: [0, AS, 4294967296, 1.1]}"),
      ElementsAre("`asn` is `0`, which is no AS number from 1 to 4294967295, such as `64500`",
                  "`asn` is `AS`, which is no AS number from 1 to 4294967295, such as `64500`",
                  "`asn` is `4294967296`, which is no AS number from 1 to 4294967295, such as "
                  "`64500`",
                  "`asn` is `1.1`, which is no AS number from 1 to 4294967295, such as `64500`"));
}

TEST_F(RuleYaml, SaysWhatIsNoCircle) {
  for (const std::string km : {"0", "-5", "500km", "20017", "nan", "inf"}) {
    EXPECT_THAT(complaints_about("{near: {point: JP, km: " + km + "}}"),
                ElementsAre("`km` of `near` is `" + km +
                            "`, which is no number of kilometers above 0 and up to 20016, such as "
                            "`500`"));
  }
  EXPECT_THAT(complaints_about("{near: {km: 5}}"), ElementsAre("`near` lacks `point`"));
  EXPECT_THAT(complaints_about("{near: {point: JP}}"), ElementsAre("`near` lacks `km`"));
  EXPECT_THAT(complaints_about("{near: JP}"),
              ElementsAre("`near` is a single value where `key: value` pairs belong"));
  EXPECT_THAT(complaints_about("{near: {point: [91, 0], km: 5}}"),
              ElementsAre("`point` of `near` is not [latitude, longitude] in degrees, such as "
                          "[50.11, 8.68]"));
  EXPECT_THAT(complaints_about("{near: {point: Tokyo, km: 5}}"),
              ElementsAre(testing::HasSubstr("`point` of `near` is `Tokyo`, which is no country")));
}

TEST_F(RuleYaml, AValueStandsOnce) {
  EXPECT_THAT(complaints_about("{continent: [EU, EU]}"),
              ElementsAre("continent EU stands twice in this rule"));
  EXPECT_THAT(complaints_about("{country: [NO, SE, NO]}"),
              ElementsAre("country NO stands twice in this rule"));
  EXPECT_THAT(complaints_about("{subdivision: [IN-OR, IN-OD]}"),
              ElementsAre("subdivision IN-OD stands twice in this rule"));
  EXPECT_THAT(complaints_about("{asn: [7018, AS7018]}"),
              ElementsAre("asn 7018 stands twice in this rule"));
  EXPECT_THAT(complaints_about("{near: [{point: JP, km: 5}, {point: JP, km: 5.0}]}"),
              ElementsAre("near JP (5.0 km) stands twice in this rule"));
}

TEST_F(RuleYaml, AnEmptyListIsNoCondition) {
  for (const std::string kind : {"continent", "country", "subdivision", "near", "asn", "net"}) {
    EXPECT_THAT(complaints_about("{" + kind + ": []}"),
                ElementsAre("`" + kind + "` is an empty list"));
  }
}

TEST_F(RuleYaml, ConditionsMustNotContradictEachOther) {
  EXPECT_THAT(complaints_about("{country: FR, continent: AS}"),
              ElementsAre("country FR is in continent EU, which this rule leaves out, and all its "
                          "conditions must hold; add it to `continent`, or make two rules"));
  EXPECT_THAT(complaints_about("{subdivision: US-CA, country: DE}"),
              ElementsAre("subdivision US-CA is in country US, which this rule leaves out, and all "
                          "its conditions must hold; add it to `country`, or make two rules"));
  EXPECT_THAT(
      complaints_about("{subdivision: [US-CA, CN-BJ], continent: [AS, EU]}"),
      ElementsAre("subdivision US-CA is in continent NA, which this rule leaves out, and "
                  "all its conditions must hold; add it to `continent`, or make two rules"));
  EXPECT_THAT(complaints_about("{country: FR, continent: [AS, EU]}"), ElementsAre("loaded"));
  EXPECT_THAT(complaints_about("{subdivision: US-CA, country: [US, CA]}"), ElementsAre("loaded"));
}

}  // namespace
}  // namespace config
