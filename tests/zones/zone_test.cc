#include "zones/zone.h"

#include <random>

#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using dnswire::RrType;

TEST(Zone, FindsNamesWhateverTheirCase) {
  const Zone zone = zone_of("example.org", {"www 60 A 192.0.2.1"});
  const auto node = zone.find(name_of("WWW.Example.ORG"));
  ASSERT_TRUE(node);
  EXPECT_EQ(zone.name(*node).to_text(), "www.example.org.");
  EXPECT_FALSE(zone.find(name_of("ww.example.org")));
  EXPECT_FALSE(zone.find(name_of("org")));
}

TEST(Zone, KeepsTheRecordsOfATypeTogether) {
  const Zone zone =
      zone_of("example.org", {"www 60 A 192.0.2.1", "www 60 TXT hello", "www 60 A 192.0.2.2"});
  const NodeId node = *zone.find(name_of("www.example.org"));
  EXPECT_EQ(zone.rrset_count(node), 2U);
  const auto addresses = zone.rrset(node, RrType::A);
  ASSERT_TRUE(addresses);
  std::vector<std::string> texts;
  for (const dnswire::Bytes rdata : *addresses) texts.push_back(rdata_to_text(RrType::A, rdata));
  EXPECT_EQ(texts, (std::vector<std::string>{"192.0.2.1", "192.0.2.2"}));
  EXPECT_FALSE(zone.rrset(node, RrType::AAAA));
}

TEST(Zone, KnowsEmptyNonTerminals) {
  const Zone zone = zone_of("example.org", {"a.b.c 60 A 192.0.2.1"});
  for (const char* name : {"b.c.example.org", "c.example.org"}) {
    const auto node = zone.find(name_of(name));
    ASSERT_TRUE(node) << name;
    EXPECT_EQ(zone.rrset_count(*node), 0U);
  }
}

TEST(Zone, FindsTheClosestEncloser) {
  const Zone zone = zone_of("example.org", {"a.b.c 60 A 192.0.2.1"});
  const auto encloser = [&](const char* name) {
    return zone.name(zone.closest_encloser(name_of(name))).to_text();
  };
  EXPECT_EQ(encloser("x.y.z.example.org"), "example.org.");
  EXPECT_EQ(encloser("x.b.c.example.org"), "b.c.example.org.");
  EXPECT_EQ(encloser("x.a.b.c.example.org"), "a.b.c.example.org.");
  EXPECT_EQ(encloser("a.b.c.example.org"), "a.b.c.example.org.");
}

TEST(Zone, KnowsTheCutAboveGlue) {
  const Zone zone = zone_of("example.org", {"sub 60 NS ns.sub", "ns.sub 60 A 192.0.2.1",
                                            "x.ns.sub 60 NS elsewhere.example."});
  const NodeId cut = *zone.find(name_of("sub.example.org"));
  EXPECT_EQ(zone.cut(cut), cut);
  EXPECT_EQ(zone.cut(*zone.find(name_of("ns.sub.example.org"))), cut);
  EXPECT_EQ(zone.cut(*zone.find(name_of("x.ns.sub.example.org"))), cut) << "the highest one counts";
  EXPECT_FALSE(zone.cut(Zone::kApex)) << "NS at the apex is no cut";
}

TEST(Zone, KnowsTheWildcardBelowANode) {
  const Zone zone = zone_of("example.org", {"*.w 60 A 192.0.2.1", "a.w 60 A 192.0.2.2"});
  const NodeId w = *zone.find(name_of("w.example.org"));
  ASSERT_TRUE(zone.wildcard(w));
  EXPECT_EQ(zone.name(*zone.wildcard(w)).to_text(), "*.w.example.org.");
  EXPECT_FALSE(zone.wildcard(Zone::kApex));
}

TEST(Zone, KnowsWhichNodesOwnADname) {
  const Zone zone = zone_of("example.org", {"d 60 DNAME x.example.", "d 60 TXT own", "t 60 TXT x"});
  EXPECT_TRUE(zone.has_dname(*zone.find(name_of("d.example.org"))));
  EXPECT_FALSE(zone.has_dname(*zone.find(name_of("t.example.org"))));
  EXPECT_FALSE(zone.has_dname(Zone::kApex));
}

TEST(Zone, TakesTheLesserTtlForDenials) {  // RFC 2308 5
  const Zone zone = zone_of("example.org", {});
  EXPECT_EQ(zone.negative_ttl(), dnswire::Ttl(30));
  EXPECT_EQ(zone.serial(), 7U);

  ZoneBuilder builder(name_of("example.org"));
  ASSERT_TRUE(add_line(builder, "@ 20 SOA ns hostmaster 1 1 1 1 300"));
  ASSERT_TRUE(add_line(builder, "@ 20 NS ns.example.net."));
  EXPECT_EQ((*std::move(builder).build()).negative_ttl(), dnswire::Ttl(20));
}

TEST(Zone, TellsChangedDataFromUnchanged) {
  const Zone one = zone_of("example.org", {"www 60 A 192.0.2.1"});
  EXPECT_TRUE(one.same_data(zone_of("example.org", {"www 60 A 192.0.2.1"})));
  EXPECT_FALSE(one.same_data(zone_of("example.org", {"www 60 A 192.0.2.2"})));
  EXPECT_FALSE(one.same_data(zone_of("example.org", {"www 61 A 192.0.2.1"})));
  EXPECT_FALSE(one.same_data(zone_of("example.org", {"www 60 TXT 192.0.2.1"})));
}

TEST(Zone, FindsEachOfManyNamesAndNoOther) {
  ZoneBuilder builder = builder_with_apex("example.org");
  for (int i = 0; i < 20000; ++i) {
    ASSERT_TRUE(add_line(builder, "h" + std::to_string(i) + " 60 A 192.0.2.1"));
  }
  const auto zone = std::move(builder).build();
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->node_count(), 20002U);
  for (int i = 0; i < 20000; ++i) {
    ASSERT_TRUE(zone->find(name_of("H" + std::to_string(i) + ".example.org"))) << i;
    ASSERT_FALSE(zone->find(name_of("g" + std::to_string(i) + ".example.org"))) << i;
  }
}

}  // namespace
}  // namespace zones
