#include "zones/lookup.h"

#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using dnswire::RrType;
using Kind = Finding::Kind;

Zone example() {
  ZoneBuilder builder = builder_with_apex("example.org");
  for (const char* line :
       {"www 60 A 192.0.2.1", "www 60 TXT hello", "alias 60 CNAME www", "a.ent 60 A 192.0.2.2",
        "*.wild 60 TXT any", "b.wild 60 A 192.0.2.3", "*.alias 60 CNAME www", "sub 60 NS ns.sub",
        "ns.sub 60 A 192.0.2.4", "*.sub 60 A 192.0.2.5"}) {
    EXPECT_TRUE(add_line(builder, line)) << line;
  }
  EXPECT_TRUE(add_line(builder, "sub 60 DS " + kDsData));
  EXPECT_TRUE(builder.add_dynamic(name_of("dyn.example.org"), DynamicId{7}));
  EXPECT_TRUE(add_line(builder, "dyn 60 MX 10 mail"));
  EXPECT_TRUE(builder.add_dynamic(name_of("*.dyn.example.org"), DynamicId{8}));
  for (const char* line :
       {"moved 60 DNAME new.example.net.", "moved 60 TXT own", "a.*.mid 60 TXT below",
        "*.x.cut 60 TXT any", "y.x.cut 60 NS ns.example.net.", "e.*.ent2 60 TXT below",
        "h.ent2 60 TXT host"}) {
    EXPECT_TRUE(add_line(builder, line)) << line;
  }
  auto zone = std::move(builder).build();
  EXPECT_TRUE(zone);
  return std::move(*zone);
}

struct Expected {
  Kind kind;
  const char* node;
  bool synthesized = false;
};

void expect(const char* name, RrType type, const Expected& expected) {
  const Zone zone = example();
  const Finding finding = lookup(zone, name_of(name), type);
  EXPECT_EQ(finding.kind, expected.kind) << name;
  EXPECT_EQ(zone.name(finding.node).to_text(), expected.node) << name;
  EXPECT_EQ(finding.synthesized, expected.synthesized) << name;
}

TEST(Lookup, MatchesNameAndType) {
  expect("www.example.org", RrType::A, {Kind::Match, "www.example.org."});
  expect("WWW.example.org", RrType::TXT, {Kind::Match, "www.example.org."});
  expect("example.org", RrType::SOA, {Kind::Match, "example.org."});
}

TEST(Lookup, TellsNoDataFromNoSuchName) {
  expect("www.example.org", RrType::MX, {Kind::NoData, "www.example.org."});
  expect("ent.example.org", RrType::A, {Kind::NoData, "ent.example.org."});
  expect("nosuch.example.org", RrType::A, {Kind::NoSuchName, "example.org."});
  expect("x.www.example.org", RrType::A, {Kind::NoSuchName, "www.example.org."});
}

TEST(Lookup, FollowsAliasesUnlessTheyAreAskedFor) {
  expect("alias.example.org", RrType::A, {Kind::Alias, "alias.example.org."});
  expect("alias.example.org", RrType::CNAME, {Kind::Match, "alias.example.org."});
  expect("x.alias.example.org", RrType::A, {Kind::Alias, "*.alias.example.org.", true});
}

TEST(Lookup, SynthesizesFromTheWildcardOfTheClosestEncloser) {
  expect("x.wild.example.org", RrType::TXT, {Kind::Match, "*.wild.example.org.", true});
  expect("x.y.wild.example.org", RrType::TXT, {Kind::Match, "*.wild.example.org.", true});
  expect("x.wild.example.org", RrType::A, {Kind::NoData, "*.wild.example.org.", true});
  expect("x.b.wild.example.org", RrType::TXT, {Kind::NoSuchName, "b.wild.example.org."});
  expect("wild.example.org", RrType::TXT, {Kind::NoData, "wild.example.org."});
}

TEST(Lookup, RefersAtAndBelowACut) {
  expect("sub.example.org", RrType::A, {Kind::Referral, "sub.example.org."});
  expect("sub.example.org", RrType::NS, {Kind::Referral, "sub.example.org."});
  expect("ns.sub.example.org", RrType::A, {Kind::Referral, "sub.example.org."});
  expect("x.y.sub.example.org", RrType::A, {Kind::Referral, "sub.example.org."});
}

TEST(Lookup, AnswersDsFromTheParentSideOfTheCut) {
  expect("sub.example.org", RrType::DS, {Kind::Match, "sub.example.org."});
  expect("x.sub.example.org", RrType::DS, {Kind::Referral, "sub.example.org."});
}

TEST(Lookup, LeavesAddressesOfADynamicNameToSteering) {
  expect("dyn.example.org", RrType::A, {Kind::Dynamic, "dyn.example.org."});
  expect("dyn.example.org", RrType::AAAA, {Kind::Dynamic, "dyn.example.org."});
  expect("dyn.example.org", RrType::MX, {Kind::Match, "dyn.example.org."});
  expect("dyn.example.org", RrType::TXT, {Kind::NoData, "dyn.example.org."});
  expect("x.y.dyn.example.org", RrType::A, {Kind::Dynamic, "*.dyn.example.org.", true});
}

TEST(Lookup, GivesOneRrsetForAny) {  // RFC 8482 4.1
  expect("www.example.org", RrType::ANY, {Kind::Match, "www.example.org."});
  expect("dyn.example.org", RrType::ANY, {Kind::Dynamic, "dyn.example.org."});
  expect("ent.example.org", RrType::ANY, {Kind::NoData, "ent.example.org."});
}

TEST(Lookup, RedirectsWhatIsBelowADname) {  // RFC 6672 2.3, 3.2
  expect("x.moved.example.org", RrType::A, {Kind::Redirect, "moved.example.org."});
  expect("A.b.c.MOVED.example.org", RrType::A, {Kind::Redirect, "moved.example.org."});
  expect("x.moved.example.org", RrType::DNAME, {Kind::Redirect, "moved.example.org."});
  expect("x.moved.example.org", RrType::DS, {Kind::Redirect, "moved.example.org."});
  expect("x.moved.example.org", RrType::ANY, {Kind::Redirect, "moved.example.org."});
  expect("*.moved.example.org", RrType::A, {Kind::Redirect, "moved.example.org."});
  const Zone zone = example();
  const Finding finding = lookup(zone, name_of("x.moved.example.org"), RrType::A);
  EXPECT_EQ(finding.rrset.type(), RrType::DNAME);
  EXPECT_EQ(rdata_to_text(RrType::DNAME, *finding.rrset.begin()), "new.example.net.");
}

TEST(Lookup, AnswersTheOwnerOfADnameFromItsOwnData) {  // RFC 6672 2.3
  expect("moved.example.org", RrType::DNAME, {Kind::Match, "moved.example.org."});
  expect("moved.example.org", RrType::TXT, {Kind::Match, "moved.example.org."});
  expect("moved.example.org", RrType::A, {Kind::NoData, "moved.example.org."});
  expect("xmoved.example.org", RrType::A, {Kind::NoSuchName, "example.org."});
}

TEST(Lookup, RedirectsAWholeZone) {
  ZoneBuilder builder(name_of("example.org"));
  ASSERT_TRUE(add_line(builder, "@ 60 SOA ns.example.net. hostmaster 1 1 1 1 1"));
  ASSERT_TRUE(add_line(builder, "@ 60 NS ns.example.net."));
  ASSERT_TRUE(add_line(builder, "@ 60 DNAME example.net."));
  const auto zone = std::move(builder).build();
  ASSERT_TRUE(zone);
  EXPECT_EQ(lookup(*zone, name_of("www.example.org"), RrType::A).kind, Kind::Redirect);
  EXPECT_EQ(lookup(*zone, name_of("example.org"), RrType::NS).kind, Kind::Match);
  EXPECT_EQ(lookup(*zone, name_of("example.org"), RrType::A).kind, Kind::NoData);
}

TEST(Lookup, PutsACutBeforeWhatIsBelowIt) {
  const Zone zone = zone_of("example.org", {"sub 60 NS ns.example.net.", "d.sub 60 DNAME else",
                                            "*.sub 60 TXT any", "c.sub 60 CNAME ns1"});
  for (const char* name : {"x.d.sub", "d.sub", "x.sub", "c.sub", "sub"}) {
    const Finding finding = lookup(zone, name_of(std::string(name) + ".example.org"), RrType::TXT);
    EXPECT_EQ(finding.kind, Kind::Referral) << name;
    EXPECT_EQ(zone.name(finding.node).to_text(), "sub.example.org.") << name;
    EXPECT_EQ(finding.rrset.type(), RrType::NS) << name;
  }
}

TEST(Lookup, TakesAnAsteriskInTheMiddleForALabelLikeOthers) {  // RFC 4592 2.1.1
  expect("a.*.mid.example.org", RrType::TXT, {Kind::Match, "a.*.mid.example.org."});
  expect("a.b.mid.example.org", RrType::TXT, {Kind::NoData, "*.mid.example.org.", true});
  expect("b.*.mid.example.org", RrType::TXT, {Kind::NoSuchName, "*.mid.example.org."});
}

TEST(Lookup, DeniesTheTypeWhereTheWildcardIsAnEmptyNonTerminal) {  // RFC 4592 2.2.2
  expect("x.ent2.example.org", RrType::TXT, {Kind::NoData, "*.ent2.example.org.", true});
  expect("x.h.ent2.example.org", RrType::TXT, {Kind::NoSuchName, "h.ent2.example.org."});
  expect("*.ent2.example.org", RrType::TXT, {Kind::NoData, "*.ent2.example.org."});
}

TEST(Lookup, SynthesizesNothingAcrossACut) {  // RFC 4592 2.2.1
  expect("z.x.cut.example.org", RrType::TXT, {Kind::Match, "*.x.cut.example.org.", true});
  expect("y.x.cut.example.org", RrType::TXT, {Kind::Referral, "y.x.cut.example.org."});
  expect("z.y.x.cut.example.org", RrType::TXT, {Kind::Referral, "y.x.cut.example.org."});
}

TEST(Lookup, AsksAWildcardByItsOwnNameForItsData) {
  expect("*.wild.example.org", RrType::TXT, {Kind::Match, "*.wild.example.org."});
  expect("*.*.wild.example.org", RrType::TXT, {Kind::NoSuchName, "*.wild.example.org."});
}

TEST(Lookup, AnswersWhatASignerPutsBesideACname) {  // RFC 4035 2.5
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add_line(builder, "c 60 CNAME ns1"));
  ASSERT_TRUE(add_line(builder, "c 60 NSEC " + kNsecData));
  const auto zone = std::move(builder).build();
  ASSERT_TRUE(zone);
  const auto kind = [&](RrType type) { return lookup(*zone, name_of("c.example.org"), type).kind; };
  EXPECT_EQ(kind(RrType::NSEC), Kind::Match);
  EXPECT_EQ(kind(RrType::RRSIG), Kind::Alias);
  EXPECT_EQ(kind(RrType::A), Kind::Alias);
  EXPECT_EQ(kind(RrType::ANY), Kind::Match);
}

}  // namespace
}  // namespace zones
