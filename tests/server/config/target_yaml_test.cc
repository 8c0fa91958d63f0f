#include "tests/server/config/files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

class TargetYaml : public Files {
 protected:
  // `www`, in line 8, may serve another name while everybody is down.
  std::vector<std::string> complaints(const std::string& fallback,
                                      const std::string& records = "") {
    return problems_of(
        "zone: example.org\nendpoints:\n  a: {A: 192.0.2.1}\npools:\n  all: {members: [a]}\n"
        "records:\n  \"@\": {NS: ns1.example.net., TXT: x}\n  www: {dynamic: {pool: all, all_down: "
        "{fallback: " +
        fallback + "}}}\n" + records);
  }
  std::vector<std::string> complaints_about_alias(const std::string& target,
                                                  const std::string& records = "") {
    return problems_of("zone: example.org\nrecords:\n  \"@\": {NS: ns1.example.net., ALIAS: " +
                       target + "}\n" + records);
  }
};

TEST_F(TargetYaml, ReadsNamesInsideAndOutside) {
  ASSERT_THAT(complaints("{cname: cdn.example.net.}"), ElementsAre("loaded"));
  const auto outside = load()->plan->records.at(0).fallback.target;
  EXPECT_EQ(outside->name.to_text(), "cdn.example.net.");
  EXPECT_EQ(outside->as, steering::Target::As::Cname);
  ASSERT_THAT(complaints("{alias: spare}", "  spare: {A: 192.0.2.9}\n"), ElementsAre("loaded"));
  const auto inside = load()->plan->records.at(0).fallback.target;
  EXPECT_EQ(inside->name.to_text(), "spare.example.org.");
  EXPECT_EQ(inside->as, steering::Target::As::Addresses);
}

TEST_F(TargetYaml, RefusesWhatIsNoOtherName) {
  const auto of_alias = [](const std::string& text) {
    return ElementsAre("zones/a.yaml:3:38: `ALIAS` is " + text);
  };
  EXPECT_THAT(complaints_about_alias("192.0.2.1"),
              of_alias("`192.0.2.1`, which is an address; write it as an `A` or `AAAA` record"));
  EXPECT_THAT(complaints_about_alias("\"@\""),
              of_alias("`@`, which is the name itself: it would answer with nothing"));
  EXPECT_THAT(complaints_about_alias("EXAMPLE.org."),
              of_alias("`EXAMPLE.org.`, which is the name itself: it would answer with nothing"));
  EXPECT_THAT(complaints_about_alias("\"*.example.net.\""),
              of_alias("`*.example.net.`, which is a wildcard, not the name of a host"));
  EXPECT_THAT(complaints_about_alias("a..b"),
              ElementsAre(StartsWith("zones/a.yaml:3:38: `ALIAS` is `a..b`, which is "
                                     "no domain name: ")));
  EXPECT_THAT(complaints("{alias: 192.0.2.1}"),
              ElementsAre("zones/a.yaml:8:59: `alias` of `fallback` of `all_down` is `192.0.2.1`, "
                          "which is an address; write it without `alias` and `cname`"));
  EXPECT_THAT(complaints("{cname: www}"),
              ElementsAre("zones/a.yaml:8:59: `cname` of `fallback` of `all_down` is `www`, which "
                          "is the name itself: it would answer with nothing"));
}

TEST_F(TargetYaml, RefusesNamesThatTheZoneDoesNotHave) {
  EXPECT_THAT(complaints_about_alias("cdn.example.net"),
              ElementsAre("zones/a.yaml:3:38: `ALIAS`: there is no cdn.example.net.example.org. in "
                          "this zone; a name outside the zone ends with a dot: "
                          "`cdn.example.net.`"));
  EXPECT_THAT(complaints_about_alias("ww", "  www: {A: 192.0.2.1}\n"),
              ElementsAre("zones/a.yaml:3:38: `ALIAS`: there is no ww.example.org. in this zone"));
  EXPECT_THAT(complaints_about_alias("any.thing", "  \"*.thing\": {A: 192.0.2.1}\n"),
              ElementsAre("loaded"))
      << "a wildcard has it";
  EXPECT_THAT(complaints_about_alias("x.sub", "  sub: {NS: ns1.example.net.}\n"),
              ElementsAre("loaded"))
      << "it is in other hands";
}

TEST_F(TargetYaml, WarnsOfNamesWithoutAddresses) {
  ASSERT_THAT(complaints_about_alias("www", "  www: {TXT: x}\n"), ElementsAre("loaded"));
  EXPECT_THAT(warnings(),
              ElementsAre("zones/a.yaml:3:38: `ALIAS`: www.example.org. has no addresses"));
  ASSERT_THAT(complaints_about_alias("www", "  www: {AAAA: \"2001:db8::1\"}\n"),
              ElementsAre("loaded"));
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(TargetYaml, WarnsOfCircles) {
  ASSERT_THAT(complaints_about_alias("www", "  www: {CNAME: web}\n  web: {ALIAS: \"@\"}\n"),
              ElementsAre("loaded"));
  EXPECT_THAT(warnings(),
              ElementsAre("zones/a.yaml:3:38: `ALIAS` leads in a circle: example.org. → "
                          "www.example.org. → web.example.org. → example.org.",
                          "zones/a.yaml:5:16: `ALIAS` leads in a circle: web.example.org. → "
                          "example.org. → www.example.org. → web.example.org."));
}

}  // namespace
}  // namespace config
