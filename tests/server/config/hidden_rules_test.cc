#include "tests/server/config/dynamic_files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class HiddenRules : public DynamicFiles {
 protected:
  using Conditions = std::vector<std::string>;
  std::vector<std::string> complaints_of(const Conditions& conditions) {
    return complaints(with_rules(conditions));
  }
};

TEST_F(HiddenRules, AValueIsTakenOnce) {
  EXPECT_THAT(complaints_of({"{continent: EU}", "{continent: [AS, EU]}"}),
              ElementsAre("continent EU never gets here: the rule in line 10 (continent EU) takes "
                          "it first; remove one of the two"));
  EXPECT_THAT(complaints_of({"{country: [NO, SE]}", "{country: NO}"}),
              ElementsAre("country NO never gets here: the rule in line 10 (country NO, SE) takes "
                          "it first; remove one of the two"));
  EXPECT_THAT(
      complaints_of({"{asn: 7018}", "{asn: [64500, AS7018]}"}),
      ElementsAre("asn 7018 never gets here: the rule in line 10 (asn 7018) takes it first; "
                  "remove one of the two"));
  EXPECT_THAT(complaints_of({"{subdivision: US-VA}", "{subdivision: US-VA}"}),
              ElementsAre("subdivision US-VA never gets here: the rule in line 10 (subdivision "
                          "US-VA) takes it first; remove one of the two"));
  EXPECT_THAT(complaints_of({"{net: 192.0.2.0/24}", "{net: 192.0.2.0/24}"}),
              ElementsAre("net 192.0.2.0/24 never gets here: the rule in line 10 (192.0.2.0/24) "
                          "takes it first; remove one of the two"));
}

TEST_F(HiddenRules, TheNarrowerRuleComesFirst) {
  EXPECT_THAT(complaints_of({"{continent: EU}", "{country: [JP, NO]}"}),
              ElementsAre("country NO never gets here: the rule in line 10 (continent EU) takes it "
                          "first; put the narrower rule first"));
  EXPECT_THAT(
      complaints_of({"{country: US}", "{subdivision: US-VA}"}),
      ElementsAre("subdivision US-VA never gets here: the rule in line 10 (country US) takes "
                  "it first; put the narrower rule first"));
  EXPECT_THAT(complaints_of({"{continent: [SA, NA]}", "{subdivision: US-VA}"}),
              ElementsAre(HasSubstr("the rule in line 10 (continent SA, NA) takes it first")));
  EXPECT_THAT(complaints_of({"{net: 192.0.2.0/24}", "{net: [198.51.100.0/24, 192.0.2.128/25]}"}),
              ElementsAre("net 192.0.2.128/25 never gets here: the rule in line 10 (192.0.2.0/24) "
                          "takes it first; put the narrower rule first"));
  EXPECT_THAT(
      complaints_of({"{near: {point: [50, 8], km: 500}}", "{near: {point: [50, 8], km: 100}}"}),
      ElementsAre("this circle never gets here: the rule in line 10 (near 50, 8 (500 km)) "
                  "takes it first; put the narrower rule first"));
  for (const Conditions& conditions :
       {Conditions{"{country: NO}", "{continent: EU}"},
        Conditions{"{subdivision: US-VA}", "{country: US}", "{continent: NA}"},
        Conditions{"{net: 192.0.2.128/25}", "{net: 192.0.2.0/24}"},
        Conditions{"{near: {point: [50, 8], km: 100}}", "{near: {point: [50, 8], km: 500}}"},
        Conditions{"{near: {point: [50, 8], km: 500}}", "{near: {point: [50, 9], km: 450}}"}}) {
    EXPECT_THAT(complaints_of(conditions), ElementsAre("loaded"));
  }
}

TEST_F(HiddenRules, ARuleOfSeveralKindsIsHiddenIfAllThatAnEarlierOneAsksFollows) {
  EXPECT_THAT(
      complaints_of({"{country: US}", "{country: US, asn: 7018}"}),
      ElementsAre("this rule is never reached: the one in line 10 (country US) takes all its "
                  "clients; put the narrower one first, or remove one of the two"));
  EXPECT_THAT(
      complaints_of({"{continent: NA, asn: [7018, 7922]}", "{subdivision: US-VA, asn: 7018}"}),
      ElementsAre(HasSubstr("(continent NA and asn 7018, 7922) takes all its clients")));
  EXPECT_THAT(
      complaints_of({"{net: 10.0.0.0/8}", "{net: [10.1.0.0/16, 10.2.0.0/16], country: US}"}),
      ElementsAre(HasSubstr("(net 10.0.0.0/8) takes all its clients")));
  EXPECT_THAT(complaints_of({"{net: 10.0.0.0/8, asn: 7018}", "{net: 10.1.0.0/16, asn: 7018}"}),
              ElementsAre(HasSubstr("this rule is never reached")));
  for (const Conditions& conditions :
       {Conditions{"{country: US, asn: 7018}", "{country: US}"},
        Conditions{"{country: US, asn: 7018}", "{asn: 7018}"},
        Conditions{"{continent: NA, asn: 7018}", "{subdivision: US-VA, asn: 7922}"},
        Conditions{"{net: 10.0.0.0/8, asn: 7018}", "{net: 10.1.0.0/16}"},
        Conditions{"{net: 10.0.0.0/8}", "{net: [10.1.0.0/16, 11.0.0.0/8], country: US}"}}) {
    const auto texts = complaints_of(conditions);
    EXPECT_THAT(texts, testing::Not(testing::Contains(HasSubstr("this rule is never reached"))));
  }
}

TEST_F(HiddenRules, OfARuleOfSeveralKindsAValueMayBeHidden) {
  EXPECT_THAT(complaints_of({"{country: US}", "{country: [US, CA], asn: 7018}"}),
              ElementsAre("country US never gets here: the rule in line 10 (country US) takes it "
                          "first; remove one of the two"));
  EXPECT_THAT(
      complaints_of({"{net: 10.0.0.0/8}", "{net: [10.1.0.0/16, 11.0.0.0/8], country: US}"}),
      ElementsAre("net 10.1.0.0/16 never gets here: the rule in line 10 (10.0.0.0/8) takes it "
                  "first; put the narrower rule first"));
  EXPECT_THAT(complaints_of({"{net: 10.0.0.0/8, country: US}", "{net: [10.1.0.0/16, 11.0.0.0/8]}"}),
              ElementsAre("loaded"));
}

TEST_F(HiddenRules, WhatEarlierRulesTakeOnlyTogetherIsNotSeen) {
  EXPECT_THAT(complaints_of({"{net: 10.0.0.0/9}", "{net: 10.128.0.0/9}", "{net: 10.0.0.0/8}"}),
              ElementsAre("loaded"));
}

TEST_F(HiddenRules, EachValueOfARuleMayHaveAnotherThatHidesIt) {
  EXPECT_THAT(complaints_of({"{continent: EU}", "{continent: AS}", "{country: [NO, US, JP]}"}),
              ElementsAre(HasSubstr("country NO never gets here"),
                          HasSubstr("country JP never gets here")));
}

TEST_F(HiddenRules, NobodyIsLeftBehindARuleForEveryone) {
  EXPECT_THAT(
      complaints("{rules: [{pool: all}, {country: NO, pool: eu}]}"),
      ElementsAre("this rule is never reached: the one in line 10 has no condition and takes "
                  "everyone; put that one last"));
  EXPECT_THAT(complaints("{rules: [{pool: all}, {pool: eu}]}"),
              ElementsAre(HasSubstr("this rule is never reached")));
}

TEST_F(HiddenRules, AMistakeInARuleHidesNothing) {
  EXPECT_THAT(complaints_of({"{country: [UK, NO]}", "{country: NO}"}),
              ElementsAre(HasSubstr("`country` is `UK`")));
}

TEST_F(HiddenRules, NetworksOfFilesAreToldByTheirLine) {
  write("zones/wide.txt", "10.0.0.0/8\n192.0.2.0/24\n");
  write("zones/narrow.txt", "203.0.113.0/24\n10.1.0.0/16\n192.0.2.0/24\n");
  EXPECT_THAT(
      complaints_of({"{net: {file: wide.txt}}", "{net: {file: narrow.txt}}"}),
      ElementsAre("zones/narrow.txt:2: net 10.1.0.0/16 never gets here: the rule in line 10 "
                  "(10.0.0.0/8) takes it first; put the narrower rule first",
                  "zones/narrow.txt:3: net 192.0.2.0/24 never gets here: the rule in line "
                  "10 (192.0.2.0/24) takes it first; remove one of the two"));
}

TEST_F(HiddenRules, OfManyNetworksTwentyAreTold) {
  std::string lines = "203.0.113.0/24\n";
  for (int i = 0; i < 25; ++i) lines += "10.0." + std::to_string(i) + ".0/24\n";
  write("zones/many.txt", lines);
  const auto texts = complaints_of({"{net: 10.0.0.0/8}", "{net: {file: many.txt}}"});
  ASSERT_THAT(texts, SizeIs(21));
  EXPECT_EQ(texts.back(), "and 5 more networks of this rule that earlier ones take");
}

TEST_F(HiddenRules, AnEmptyFileHidesNothing) {
  write("zones/none.txt", "");
  EXPECT_THAT(complaints_of({"{net: {file: none.txt}}", "{net: {file: none.txt}, country: US}",
                             "{net: 10.0.0.0/8}"}),
              ElementsAre("loaded"));
}

}  // namespace
}  // namespace config
