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
        "sub 60 DS 1 13 2 00", "ns.sub 60 A 192.0.2.4", "*.sub 60 A 192.0.2.5"}) {
    const std::string text = line;
    const bool is_ds = text.find(" DS ") != std::string::npos;
    EXPECT_TRUE(add_line(builder, is_ds ? "sub 60 TYPE43 \\# 5 00010d0200" : text)) << line;
  }
  EXPECT_TRUE(builder.add_dynamic(name_of("dyn.example.org"), DynamicId{7}));
  EXPECT_TRUE(add_line(builder, "dyn 60 MX 10 mail"));
  EXPECT_TRUE(builder.add_dynamic(name_of("*.dyn.example.org"), DynamicId{8}));
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

}  // namespace
}  // namespace zones
