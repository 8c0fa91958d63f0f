#include "zones/audit.h"

#include <gmock/gmock.h>

#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Text {
  const char* origin;
  std::vector<std::string> lines;
};

std::shared_ptr<const Zone> built(ZoneBuilder builder) {
  auto zone = std::move(builder).build();
  EXPECT_TRUE(zone) << (zone ? "" : zone.error().front());
  return std::make_shared<const Zone>(std::move(*zone));
}

// Each zone has its SOA, `NS ns1` and an address of ns1 beside its lines.
std::vector<std::string> warnings_of(const std::vector<Text>& texts) {
  ZoneSet zones;
  for (const Text& text : texts) {
    ZoneBuilder builder = builder_with_apex(text.origin);
    for (const std::string& line : text.lines) {
      const auto outcome = add_line(builder, line);
      EXPECT_TRUE(outcome) << line << ": " << outcome.error();
    }
    EXPECT_TRUE(zones.add(built(std::move(builder))));
  }
  return audit(zones);
}

std::vector<std::string> warnings_with(std::vector<std::string> lines) {
  return warnings_of({{"example.org", std::move(lines)}});
}

TEST(Audit, HasNothingToSayOfASoundZone) {
  EXPECT_THAT(audit(ZoneSet()), IsEmpty());
  EXPECT_THAT(
      warnings_with({"www 60 A 192.0.2.1", "a 60 CNAME www", "@ 60 MX 10 www",
                     "@ 60 MX 20 mx.example.net.", "sub 60 NS ns.sub", "sub 60 NS ns1",
                     "ns.sub 60 A 192.0.2.2", "sub 60 DS " + kDsData, "d 60 DNAME example.net.",
                     "d2 60 DNAME sub", "out 60 CNAME x.d", "_sip._tcp 60 SRV 1 1 5060 www"}),
      IsEmpty());
}

TEST(Audit, WarnsOfAnAliasAsTarget) {  // RFC 2181 10.3, RFC 2782
  const std::vector<std::string> aliases{"c 60 CNAME ns1", "*.w 60 CNAME ns1",
                                         "d 60 DNAME example.net."};
  const auto with = [&](const char* line) {
    auto lines = aliases;
    lines.emplace_back(line);
    return warnings_with(lines);
  };
  EXPECT_THAT(
      with("@ 60 MX 10 c"),
      ElementsAre("zone example.org.: MX of example.org. points to c.example.org., which is "
                  "an alias; name the host itself (RFC 2181 10.3)"));
  EXPECT_THAT(with("@ 60 MX 10 x.w"),
              ElementsAre(HasSubstr("x.w.example.org., which is an alias")));
  EXPECT_THAT(with("@ 60 MX 10 x.d"),
              ElementsAre(HasSubstr("x.d.example.org., which is an alias")));
  EXPECT_THAT(
      with("s 60 SRV 1 1 80 c"),
      ElementsAre("zone example.org.: SRV of s.example.org. points to c.example.org., which "
                  "is an alias; name the host itself (RFC 2782)"));
}

TEST(Audit, WarnsOfANameServerThatIsAnAliasInAnotherZone) {
  EXPECT_THAT(
      warnings_of({{"example.org", {"@ 60 NS ns.example.net.", "sub 60 NS ns.example.net."}},
                   {"example.net", {"ns 60 CNAME ns1"}}}),
      ElementsAre(
          AllOf(HasSubstr("NS of example.org. points to ns.example.net."), HasSubstr("an alias")),
          HasSubstr("NS of sub.example.org. points to ns.example.net.")));
}

TEST(Audit, WarnsOfATargetWithoutAddress) {
  EXPECT_THAT(
      warnings_with({"@ 60 MX 10 t", "t 60 TXT x"}),
      ElementsAre("zone example.org.: MX of example.org. points to t.example.org., which has "
                  "no A or AAAA record"));
  EXPECT_THAT(warnings_with({"@ 60 MX 10 nosuch"}),
              ElementsAre("zone example.org.: MX of example.org. points to nosuch.example.org., "
                          "which does not exist"));
  EXPECT_THAT(warnings_with({"@ 60 MX 10 six", "six 60 AAAA 2001:db8::1"}), IsEmpty());
}

TEST(Audit, TakesTheRootAsTargetForNoService) {  // RFC 7505 3, RFC 2782
  EXPECT_THAT(warnings_of({{"example.org", {"@ 60 MX 0 .", "s 60 SRV 0 0 0 ."}}, {".", {}}}),
              Each(testing::Not(HasSubstr("points to"))));
  EXPECT_THAT(warnings_with({"@ 60 MX 0 .", "s 60 SRV 0 0 0 ."}), IsEmpty());
}

TEST(Audit, CountsWildcardsDynamicRecordsAndDelegationsAsAddresses) {
  EXPECT_THAT(warnings_with({"@ 60 MX 10 x.w", "*.w 60 A 192.0.2.1"}), IsEmpty());
  EXPECT_THAT(warnings_with({"@ 60 MX 10 x.w", "*.w 60 AAAA 2001:db8::1"}), IsEmpty());
  EXPECT_THAT(warnings_with({"@ 60 MX 10 x.sub", "sub 60 NS ns1"}), IsEmpty()) << "others know";
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add_line(builder, "@ 60 MX 10 dyn"));
  ASSERT_TRUE(add_line(builder, "c 60 CNAME dyn"));
  ASSERT_TRUE(builder.add_dynamic(name_of("dyn.example.org"), DynamicId{0}));
  ZoneSet zones;
  ASSERT_TRUE(zones.add(built(std::move(builder))));
  EXPECT_THAT(audit(zones), IsEmpty());
}

TEST(Audit, WarnsOfAnAliasThatLeadsBackToItself) {
  EXPECT_THAT(warnings_with({"a 60 CNAME a"}),
              ElementsAre("zone example.org.: the CNAME of a.example.org. leads back to itself"));
  EXPECT_THAT(warnings_with({"a 60 CNAME b", "b 60 CNAME a", "in 60 CNAME a"}),
              ElementsAre(HasSubstr("the CNAME of a.example.org. leads back"),
                          HasSubstr("the CNAME of b.example.org. leads back")))
      << "what leads into a loop is in order once the loop is";
  EXPECT_THAT(warnings_with({"*.w 60 CNAME x.w"}),
              ElementsAre(HasSubstr("the CNAME of *.w.example.org. leads back to itself")));
}

TEST(Audit, FollowsLoopsFromZoneToZone) {
  EXPECT_THAT(warnings_of({{"example.org", {"a 60 CNAME b.example.net."}},
                           {"example.net", {"b 60 CNAME A.example.ORG."}}}),
              ElementsAre("zone example.org.: the CNAME of a.example.org. leads back to itself",
                          "zone example.net.: the CNAME of b.example.net. leads back to itself"));
}

TEST(Audit, WarnsOfLoopsOfDnames) {
  EXPECT_THAT(warnings_with({"a 60 DNAME b", "b 60 DNAME a"}),
              ElementsAre(HasSubstr("the DNAME of a.example.org. leads back to itself"),
                          HasSubstr("the DNAME of b.example.org. leads back to itself")));
  EXPECT_THAT(warnings_with({"a 60 DNAME x.a"}),
              ElementsAre(HasSubstr("the DNAME of a.example.org. leads back to itself")))
      << "every turn makes the name longer";
  EXPECT_THAT(warnings_with({"c 60 CNAME x.d", "d 60 DNAME e", "x.e 60 CNAME c"}),
              ElementsAre(HasSubstr("the CNAME of c.example.org. leads back to itself"),
                          HasSubstr("the CNAME of x.e.example.org. leads back to itself")));
}

TEST(Audit, LetsAChainPassADnameTwice) {
  EXPECT_THAT(
      warnings_with({"c 60 CNAME x.d", "d 60 DNAME e", "x.e 60 CNAME y.d", "y.e 60 A 192.0.2.1"}),
      IsEmpty());
  EXPECT_THAT(warnings_with({"d 60 DNAME e", "*.e 60 CNAME y.d", "y.e 60 A 192.0.2.1"}), IsEmpty());
}

// `length` CNAMEs, the last of which points to ns1.
std::vector<std::string> chain(std::size_t length) {
  std::vector<std::string> lines;
  for (std::size_t i = 1; i < length; ++i) {
    lines.push_back("c" + std::to_string(i) + " 60 CNAME c" + std::to_string(i + 1));
  }
  lines.push_back("c" + std::to_string(length) + " 60 CNAME ns1");
  return lines;
}

TEST(Audit, WarnsOfAChainOfNineAliases) {
  EXPECT_THAT(warnings_with(chain(8)), IsEmpty());
  EXPECT_THAT(warnings_with(chain(9)),
              ElementsAre("zone example.org.: the CNAME of c1.example.org. leads over more than 8 "
                          "aliases; no answer follows them all"));
}

TEST(Audit, CountsDnamesAmongTheAliases) {
  auto lines = chain(7);
  lines.insert(lines.end(), {"in 60 CNAME c1.d", "d 60 DNAME @"});
  EXPECT_THAT(warnings_with(lines),
              Contains(HasSubstr("the CNAME of in.example.org. leads over more than 8 aliases")));
}

TEST(Audit, WarnsOfAnAliasToANameThatDoesNotExistHere) {
  EXPECT_THAT(warnings_with({"a 60 CNAME nosuch", "b 60 CNAME a"}),
              ElementsAre("zone example.org.: the CNAME of a.example.org. leads to "
                          "nosuch.example.org., which does not exist"))
      << "told of the last alias of a chain";
  EXPECT_THAT(warnings_with({"a 60 CNAME x.d", "d 60 DNAME e", "y.e 60 A 192.0.2.1"}),
              ElementsAre(HasSubstr("a.example.org. leads to x.e.example.org., which does not")));
  EXPECT_THAT(warnings_with({"d 60 DNAME nosuch"}),
              ElementsAre(HasSubstr("the DNAME of d.example.org. leads to nosuch.example.org.")));
  EXPECT_THAT(warnings_with({"a 60 CNAME ent", "x.ent 60 A 192.0.2.1", "b 60 CNAME x.w",
                             "*.w 60 TXT x", "c 60 CNAME www.example.net.", "d 60 DNAME w"}),
              IsEmpty());
}

TEST(Audit, WarnsOfWhatIsBelowACutAndNotGlue) {
  EXPECT_THAT(
      warnings_with({"sub 60 NS ns.sub", "ns.sub 60 A 192.0.2.1", "www.sub 60 A 192.0.2.2"}),
      ElementsAre("zone example.org.: A of www.sub.example.org. is below the zone cut "
                  "sub.example.org. and not glue, so it is never answered; it belongs into "
                  "the zone sub.example.org."));
  EXPECT_THAT(warnings_with({"sub 60 NS ns.sub", "ns.sub 60 A 192.0.2.1", "ns.sub 60 TXT x",
                             "ns.sub 60 MX 1 ns1"}),
              SizeIs(1))
      << "one a name";
  EXPECT_THAT(warnings_with({"sub 60 NS ns1", "x.sub 60 NS ns.x.sub", "ns.x.sub 60 A 192.0.2.1"}),
              SizeIs(2));
  EXPECT_THAT(warnings_with({"sub 60 NS ns1", "sub 60 TXT x"}),
              ElementsAre(HasSubstr("TXT of sub.example.org. is at the zone cut and not glue")));
  EXPECT_THAT(warnings_with({"sub 60 NS ns1", "sub 60 A 192.0.2.1"}), SizeIs(1));
}

TEST(Audit, KnowsGlueOfEveryNameServerOfTheZone) {
  EXPECT_THAT(
      warnings_with({"sub 60 NS sub", "sub 60 A 192.0.2.1", "other 60 NS ns.sub",
                     "ns.sub 60 AAAA 2001:db8::1", "@ 60 NS ns9.sub", "NS9.Sub 60 A 192.0.2.3",
                     "sub 60 RRSIG " + kRrsigData, "sub 60 NSEC " + kNsecData}),
      IsEmpty());
}

TEST(Audit, DoesNotAuditWhatIsNeverAnswered) {
  EXPECT_THAT(warnings_with({"sub 60 NS ns1", "sub 60 MX 1 nosuch", "a.sub 60 CNAME nosuch",
                             "b.sub 60 MX 1 nosuch", "c.sub 60 NS nosuch"}),
              AllOf(SizeIs(4), Each(HasSubstr("and not glue"))));
}

TEST(Audit, WarnsOfAZoneThatItsParentDoesNotDelegate) {
  EXPECT_THAT(
      warnings_of({{"example.org", {}}, {"sub.example.org", {}}}),
      ElementsAre("zone sub.example.org.: it is beneath the zone example.org., which does not "
                  "delegate it; add NS records there: ns1.sub.example.org."));
  EXPECT_THAT(warnings_of({{"a.b.example.org", {}}, {"example.org", {"x.b 60 A 192.0.2.1"}}}),
              ElementsAre(HasSubstr("zone a.b.example.org.: it is beneath the zone example.org.")));
  EXPECT_THAT(warnings_of({{"example.org", {}}, {"notexample.org", {}}, {"example.net", {}}}),
              IsEmpty());
}

TEST(Audit, WarnsOfADelegationToOtherNameServers) {
  EXPECT_THAT(
      warnings_of({{"example.org", {"sub 60 NS ns9.example.net."}}, {"sub.example.org", {}}}),
      ElementsAre("zone sub.example.org.: the zone example.org. delegates it to "
                  "ns9.example.net., but its own NS records are ns1.sub.example.org.; make "
                  "them the same (RFC 1034 4.2.2)"));
  EXPECT_THAT(warnings_of({{"example.org", {"sub 60 NS NS1.sub", "ns1.sub 60 A 198.51.100.1"}},
                           {"sub.example.org", {}}}),
              IsEmpty());
  EXPECT_THAT(
      warnings_of({{"example.org", {"sub 60 NS ns9.example.net."}}, {"a.sub.example.org", {}}}),
      IsEmpty())
      << "others serve the zone in between";
}

TEST(Audit, CountsWhatItDoesNotTell) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < kMaxWarningsOfAKind + 2; ++i) {
    lines.push_back("a" + std::to_string(i) + " 60 CNAME nosuch");
  }
  lines.emplace_back("@ 60 MX 1 nosuch");
  const auto warnings = warnings_with(lines);
  ASSERT_THAT(warnings, SizeIs(1 + kMaxWarningsOfAKind + 1));
  EXPECT_EQ(warnings.back(), "zone example.org.: and 2 more aliases like these");
  lines.erase(lines.begin(), lines.begin() + 2);
  EXPECT_THAT(warnings_with(lines), SizeIs(1 + kMaxWarningsOfAKind));
}

}  // namespace
}  // namespace zones
