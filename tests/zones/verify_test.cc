#include "zones/verify.h"

#include <gmock/gmock.h>

#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems_of(ZoneBuilder builder) {
  auto zone = std::move(builder).build();
  return zone ? std::vector<std::string>() : zone.error();
}

// Of example.org. with these records beside those of its apex.
std::vector<std::string> problems_with(std::vector<std::string> lines) {
  ZoneBuilder builder = builder_with_apex("example.org");
  for (const std::string& line : lines) {
    const auto outcome = add_line(builder, line);
    EXPECT_TRUE(outcome) << line << ": " << outcome.error();
  }
  return problems_of(std::move(builder));
}

// The order in which records come makes no difference.
std::vector<std::string> problems_either_way(std::vector<std::string> lines) {
  const auto problems = problems_with(lines);
  std::reverse(lines.begin(), lines.end());
  EXPECT_EQ(problems, problems_with(lines));
  return problems;
}

const char* const kNoAddress =
    "name server ns2.example.org. of zone example.org. has no A or AAAA record";

TEST(Verify, MissesSoaAndNameServers) {
  EXPECT_THAT(problems_of(ZoneBuilder(name_of("example.org"))),
              ElementsAre("zone example.org. has no SOA record",
                          "zone example.org. has no NS record at its apex; name its name servers"));
}

TEST(Verify, MissesTheAddressOfANameServerInsideTheZone) {
  EXPECT_THAT(problems_with({"@ 60 NS ns2", "@ 60 NS ns3.example.net."}), ElementsAre(kNoAddress));
  EXPECT_THAT(problems_with({"@ 60 NS ns2", "ns2 60 TXT x"}), ElementsAre(kNoAddress));
  EXPECT_THAT(problems_with({"@ 60 NS ns2", "a.ns2 60 A 192.0.2.1"}), ElementsAre(kNoAddress));
  EXPECT_THAT(problems_with({"@ 60 NS ns2", "ns2 60 AAAA 2001:db8::1"}), IsEmpty());
}

TEST(Verify, TakesNoAddressFromTheNameAbove) {
  EXPECT_THAT(
      problems_with({"@ 60 NS x.ns1"}),
      ElementsAre("name server x.ns1.example.org. of zone example.org. has no A or AAAA record"));
}

TEST(Verify, CountsWhateverLeadsToAnAddress) {
  EXPECT_THAT(problems_with({"@ 60 NS ns2", "* 60 A 192.0.2.1"}), IsEmpty());
  EXPECT_THAT(problems_with({"@ 60 NS ns2", "* 60 AAAA 2001:db8::1"}), IsEmpty());
  EXPECT_THAT(problems_with({"@ 60 NS ns2", "* 60 TXT x"}), ElementsAre(kNoAddress));
  EXPECT_THAT(
      problems_with({"@ 60 NS ns2.sub", "sub 60 NS ns.example.net.", "ns2.sub 60 A 192.0.2.1"}),
      IsEmpty())
      << "glue of a delegation";
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add_line(builder, "@ 60 NS ns2"));
  ASSERT_TRUE(builder.add_dynamic(name_of("ns2.example.org"), DynamicId{0}));
  EXPECT_THAT(problems_of(std::move(builder)), IsEmpty());
}

TEST(Verify, CountsNoWildcardBelowACut) {
  EXPECT_THAT(
      problems_with({"@ 60 NS ns2.sub", "sub 60 NS ns.example.net.", "*.sub 60 A 192.0.2.1"}),
      ElementsAre(HasSubstr("ns2.sub.example.org. of zone example.org. has no A")));
}

TEST(Verify, RefusesAnAliasAsNameServer) {  // RFC 2181 10.3
  const auto is_alias = HasSubstr(" is an alias; give it A or AAAA records of its own");
  EXPECT_THAT(problems_with({"@ 60 NS ns2", "ns2 60 CNAME ns1"}), ElementsAre(is_alias));
  EXPECT_THAT(problems_with({"@ 60 NS ns2", "* 60 CNAME ns1"}), ElementsAre(is_alias));
  EXPECT_THAT(problems_with({"@ 60 NS ns2.d", "d 60 DNAME example.net."}), ElementsAre(is_alias));
  EXPECT_THAT(
      problems_with({"sub 60 NS ns2", "ns2 60 CNAME ns1"}),
      ElementsAre(AllOf(HasSubstr("name server ns2.example.org. of sub.example.org."), is_alias)));
}

TEST(Verify, MissesGlue) {  // RFC 1034 4.2.1
  EXPECT_THAT(
      problems_with({"sub 60 NS ns.sub"}),
      ElementsAre("name server ns.sub.example.org. of sub.example.org. has no A or AAAA record"));
  EXPECT_THAT(problems_with({"sub 60 NS sub"}), ElementsAre(HasSubstr("has no A or AAAA record")));
  EXPECT_THAT(problems_with({"sub 60 NS ns.sub", "*.sub 60 A 192.0.2.1"}),
              ElementsAre(HasSubstr("has no A or AAAA record")));
  EXPECT_THAT(problems_with({"sub 60 NS ns.sub", "ns.sub 60 A 192.0.2.1"}), IsEmpty());
  EXPECT_THAT(problems_with({"sub 60 NS sub", "sub 60 AAAA 2001:db8::1"}), IsEmpty());
}

TEST(Verify, MissesANameServerBesideTheCut) {
  EXPECT_THAT(
      problems_with({"sub 60 NS nosuch"}),
      ElementsAre("name server nosuch.example.org. of sub.example.org. has no A or AAAA record"));
  EXPECT_THAT(problems_with({"sub 60 NS @"}),
              ElementsAre(HasSubstr("name server example.org. of")));
  EXPECT_THAT(problems_with({"sub 60 NS ns1"}), IsEmpty());
  EXPECT_THAT(problems_with({"sub 60 NS any", "* 60 A 192.0.2.1"}), IsEmpty());
}

TEST(Verify, LeavesToAnotherDelegationWhatIsBelowIt) {
  EXPECT_THAT(problems_with({"one 60 NS ns.two", "two 60 NS ns.example.net."}), IsEmpty());
  EXPECT_THAT(
      problems_with({"sub 60 NS ns.example.net.", "x.sub 60 NS ns.x.sub", "x.sub 60 NS nosuch"}),
      IsEmpty())
      << "NS below a cut is never answered";
}

TEST(Verify, RefusesWhatIsBelowADname) {  // RFC 6672 2.4
  EXPECT_THAT(
      problems_either_way({"d 60 DNAME example.net.", "x.y.d 60 TXT x"}),
      ElementsAre("x.y.d.example.org. is below d.example.org., whose DNAME redirects all names "
                  "below it; remove one of them (RFC 6672 2.4)"));
  EXPECT_THAT(problems_either_way({"d 60 DNAME example.net.", "x.d 60 DNAME example.com."}),
              ElementsAre(HasSubstr("x.d.example.org. is below d.example.org.")));
  EXPECT_THAT(problems_either_way({"d 60 DNAME example.net.", "x.d 60 NS ns1"}),
              ElementsAre(HasSubstr("x.d.example.org. is below d.example.org.")));
  EXPECT_THAT(problems_with({"@ 60 DNAME example.net."}),
              ElementsAre(HasSubstr("ns1.example.org. is below example.org.")));
  EXPECT_THAT(
      problems_with({"d 60 DNAME example.net.", "d 60 TXT own", "xd 60 TXT x", "e 60 TXT x"}),
      IsEmpty());
}

TEST(Verify, RefusesADynamicRecordBelowADnameOrACut) {
  ZoneBuilder redirected = builder_with_apex("example.org");
  ASSERT_TRUE(redirected.add_dynamic(name_of("x.d.example.org"), DynamicId{0}));
  ASSERT_TRUE(add_line(redirected, "d 60 DNAME example.net."));
  EXPECT_THAT(problems_of(std::move(redirected)),
              ElementsAre(HasSubstr("x.d.example.org. is below d.example.org.")));

  ZoneBuilder delegated = builder_with_apex("example.org");
  ASSERT_TRUE(delegated.add_dynamic(name_of("x.y.sub.example.org"), DynamicId{0}));
  ASSERT_TRUE(add_line(delegated, "sub 60 NS ns1"));
  EXPECT_THAT(
      problems_of(std::move(delegated)),
      ElementsAre(HasSubstr("x.y.sub.example.org. is below the zone cut sub.example.org., so "
                            "it cannot be dynamic")));
}

TEST(Verify, RefusesDsWithoutNs) {  // RFC 4035 2.4
  EXPECT_THAT(problems_with({"sub 60 DS " + kDsData}),
              ElementsAre(HasSubstr("sub.example.org. has a DS record but no NS records")));
  EXPECT_THAT(problems_either_way({"sub 60 DS " + kDsData, "sub 60 NS ns1"}), IsEmpty());
}

TEST(Verify, CountsWhatItDoesNotTell) {
  ZoneBuilder builder = builder_with_apex("example.org");
  for (std::size_t i = 0; i < kMaxZoneProblems + 1; ++i) {
    ASSERT_TRUE(add_line(builder, "s" + std::to_string(i) + " 60 NS nosuch"));
  }
  const auto problems = problems_of(std::move(builder));
  ASSERT_EQ(problems.size(), kMaxZoneProblems + 1);
  EXPECT_EQ(problems.back(), "and 1 more problems");
}

}  // namespace
}  // namespace zones
