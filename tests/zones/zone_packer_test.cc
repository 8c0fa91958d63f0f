#include "zones/zone_packer.h"

#include <algorithm>
#include <memory>

#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using dnswire::Name;
using dnswire::RrType;
using dnswire::Ttl;
using Octets = std::vector<std::uint8_t>;

// Adds names as ZoneBuilder does, but what stands there is up to the test.
class Packing {
 public:
  explicit Packing(std::size_t octets = 0) : packer_(octets) {}

  struct Line {
    RrType type;
    std::uint32_t ttl;
    const char* data;
  };
  Packing& add(const char* name, std::initializer_list<Line> lines = {},
               std::optional<DynamicId> dynamic = {}, bool has_wildcard_below = false) {
    std::vector<Octets> rdata;
    std::vector<ZonePacker::Record> records;
    for (const Line& line : lines) {
      rdata.push_back(rdata_from_text(line.type, line.data, Name()).value());
    }
    std::size_t i = 0;
    for (const Line& line : lines) records.push_back({line.type, Ttl(line.ttl), rdata[i++]});
    packer_.add(name_of(name), records, dynamic, has_wildcard_below);
    return *this;
  }
  Packing& add_apex(bool has_wildcard_below = false) {
    return add("example.org",
               {{RrType::NS, 100, "ns.example.org."},
                {RrType::SOA, 90, "ns.example.org. h.example.org. 2026 2 3 4 60"}},
               {}, has_wildcard_below);
  }
  Zone finish() { return std::move(packer_).finish(); }

 private:
  ZonePacker packer_;
};

NodeId node_of(const Zone& zone, const char* name) { return zone.find(name_of(name)).value(); }

TEST(ZonePacker, GivesRecordsTheLowestTtlOfTheirRrset) {
  const Zone zone = Packing()
                        .add_apex()
                        .add("www.example.org", {{RrType::A, 70, "192.0.2.1"},
                                                 {RrType::A, 50, "192.0.2.2"},
                                                 {RrType::TXT, 80, "text"}})
                        .finish();
  const NodeId node = node_of(zone, "www.example.org");
  const RrSet addresses = zone.rrset(node, RrType::A).value();
  EXPECT_EQ(addresses.ttl(), Ttl(50));
  EXPECT_EQ(addresses.size(), 2U);
  const Octets expected{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 50, 0, 4, 192, 0, 2, 1,
                        0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 50, 0, 4, 192, 0, 2, 2};
  EXPECT_TRUE(std::ranges::equal(addresses.records(), expected));
  EXPECT_EQ(zone.rrset(node, RrType::TXT)->ttl(), Ttl(80));
  EXPECT_EQ(zone.rrset_count(), 4U);
  EXPECT_EQ(zone.node_count(), 2U);
}

TEST(ZonePacker, KeepsNoSheetBesideRecordsThatAreSentAsTheyAre) {
  const Zone zone = Packing()
                        .add_apex()
                        .add("a.example.org", {{RrType::A, 70, "192.0.2.1"},
                                               {RrType::MX, 70, "1 ."},
                                               {RrType::SRV, 70, "1 2 3 a.example.org."}})
                        .finish();
  const NodeId node = node_of(zone, "a.example.org");
  for (const RrType type : {RrType::A, RrType::MX, RrType::SRV}) {
    const RrSet rrset = *zone.rrset(node, type);
    const Sheet sheet = zone.sheet(node, rrset);
    EXPECT_EQ(sheet.records.data(), rrset.records().data()) << to_text(type);
    EXPECT_EQ(sheet.records.size(), rrset.records().size());
    EXPECT_TRUE(sheet.pointers.empty());
    EXPECT_EQ(sheet.count, 1U);
    EXPECT_EQ(sheet.name_size, 15U);
  }
}

TEST(ZonePacker, PutsSheetsBehindTheRecordsThatTheyCompress) {
  const Zone zone = Packing()
                        .add_apex(true)
                        .add("*.example.org", {{RrType::MX, 70, "1 mail.example.org."},
                                               {RrType::MX, 70, "2 mail.example.org."},
                                               {RrType::TXT, 70, "behind it"}})
                        .add("ptr.example.org", {{RrType::PTR, 70, "ptr.example.org."}})
                        .finish();
  const NodeId wildcard = node_of(zone, "*.example.org");
  const Sheet sheet = zone.sheet(wildcard, *zone.rrset(wildcard, RrType::MX));
  EXPECT_EQ(sheet.count, 2U);
  EXPECT_EQ(sheet.records.size(), 2 * kRecordHead + 2 + 5 + 2 + 2 + 2);
  EXPECT_EQ(sheet.pointers.size(), 2 * sizeof(std::uint16_t));
  EXPECT_TRUE(zone.rrset(wildcard, RrType::TXT)) << "what is behind a sheet is found";
  const NodeId own = node_of(zone, "ptr.example.org");
  const Sheet itself = zone.sheet(own, *zone.rrset(own, RrType::PTR));
  EXPECT_EQ(itself.records.size(), kRecordHead + 2);
  EXPECT_TRUE(itself.pointers.empty());
}

TEST(ZonePacker, KeepsNoSheetForAWildcardThatNamesItself) {
  const Zone zone = Packing()
                        .add_apex(true)
                        .add("*.example.org",
                             {{RrType::MX, 70, "1 *.example.org."}, {RrType::TXT, 70, "behind it"}})
                        .finish();
  const NodeId wildcard = node_of(zone, "*.example.org");
  EXPECT_TRUE(zone.sheet(wildcard, *zone.rrset(wildcard, RrType::MX)).records.empty());
  EXPECT_FALSE(zone.sheet(wildcard, *zone.rrset(wildcard, RrType::TXT)).records.empty());
}

TEST(ZonePacker, LinksWildcardsCutsAndDynamicRecords) {
  const Zone zone = Packing()
                        .add_apex(true)
                        .add("*.example.org", {{RrType::TXT, 1, "x"}})
                        .add("cut.example.org", {{RrType::NS, 1, "ns.cut.example.org."}})
                        .add("ns.cut.example.org", {{RrType::A, 1, "192.0.2.1"}})
                        .add("dynamic.example.org", {}, DynamicId{7})
                        .add("plain.example.org", {{RrType::A, 1, "192.0.2.1"}})
                        .finish();
  EXPECT_EQ(zone.wildcard(Zone::kApex), node_of(zone, "*.example.org"));
  const NodeId cut = node_of(zone, "cut.example.org");
  EXPECT_EQ(zone.cut(cut), cut);
  EXPECT_EQ(zone.cut(node_of(zone, "ns.cut.example.org")), cut);
  EXPECT_FALSE(zone.wildcard(cut));
  EXPECT_EQ(zone.dynamic(node_of(zone, "dynamic.example.org")), DynamicId{7});
  EXPECT_FALSE(zone.cut(node_of(zone, "dynamic.example.org")));
  const NodeId plain = node_of(zone, "plain.example.org");
  EXPECT_FALSE(zone.cut(plain) || zone.dynamic(plain) || zone.wildcard(plain));
  EXPECT_FALSE(zone.cut(Zone::kApex)) << "NS at the apex is no cut";
}

TEST(ZonePacker, NotesCaseAndDname) {
  const Zone zone = Packing()
                        .add_apex()
                        .add("Dname.example.org", {{RrType::DNAME, 1, "elsewhere."}})
                        .add("low.example.org")
                        .finish();
  EXPECT_TRUE(zone.has_dname(node_of(zone, "dname.example.org")));
  EXPECT_FALSE(zone.is_lower(node_of(zone, "dname.example.org")));
  EXPECT_TRUE(zone.is_lower(node_of(zone, "low.example.org")));
  EXPECT_FALSE(zone.has_dname(node_of(zone, "low.example.org")));
  EXPECT_EQ(zone.rrset_count(node_of(zone, "low.example.org")), 0U);
}

TEST(ZonePacker, TakesFromTheSoaWhatDenialsNeed) {
  const Zone zone = Packing().add_apex().finish();
  EXPECT_EQ(zone.serial(), 2026U);
  EXPECT_EQ(zone.negative_ttl(), Ttl(60)) << "the lesser of 90 and 60";
  EXPECT_EQ(zone.soa().ttl(), Ttl(90));
  const Sheet denial = zone.denial();
  EXPECT_EQ(denial.count, 1U);
  EXPECT_EQ(denial.name_size, zone.origin().size());
  EXPECT_EQ(dnswire::load32(&denial.records[kTtlInRecord]), 60U);
  EXPECT_EQ(denial.pointers.size(), 3 * sizeof(std::uint16_t)) << "owner, MNAME, RNAME";
}

TEST(ZonePacker, DeniesForNoLongerThanTheSoaMayBeKept) {
  const Zone zone =
      Packing()
          .add("example.org", {{RrType::SOA, 40, "ns.elsewhere. h.elsewhere. 1 2 3 4 60"}})
          .finish();
  EXPECT_EQ(zone.negative_ttl(), Ttl(40));
  EXPECT_EQ(dnswire::load32(&zone.denial().records[kTtlInRecord]), 40U);
}

TEST(ZonePacker, HasNothingToDenyWithWithoutASoa) {
  const Zone zone = Packing().add("example.org", {{RrType::NS, 100, "ns.elsewhere."}}).finish();
  EXPECT_TRUE(zone.denial().records.empty());
  EXPECT_EQ(zone.soa().size(), 0U);
}

TEST(ZonePacker, MakesTheSameWhateverMemoryWasAskedFor) {
  const auto pack = [](std::size_t octets) {
    return Packing(octets).add_apex().add("a.example.org", {{RrType::A, 1, "192.0.2.1"}}).finish();
  };
  const Zone zone = pack(0);
  EXPECT_TRUE(zone.same_data(pack(100'000)));
  EXPECT_EQ(zone.bytes(), pack(100'000).bytes());
  EXPECT_FALSE(zone.same_data(Packing().add_apex().finish()));
}

// `find` reads behind names by the word: in memory of their own, so that the sanitizer sees it.
TEST(ZonePacker, LeavesRoomBehindTheLastName) {
  for (std::size_t size = 1; size <= dnswire::kMaxLabelSize; ++size) {
    const std::string label(size, size % 2 == 0 ? 'z' : 'Z');
    const Zone zone = Packing().add_apex().add((label + ".example.org").c_str()).finish();
    EXPECT_TRUE(zone.find(name_of(std::string(size, 'z') + ".Example.org")));
    EXPECT_FALSE(zone.find(name_of(std::string(size, 'y') + ".Example.org")));
  }
}

TEST(ZonePacker, NodesAreInTheOrderInWhichTheyCame) {
  const Zone zone = Packing()
                        .add_apex()
                        .add("a.example.org", {{RrType::PTR, 1, "a.example.org."}})
                        .add("x.a.example.org")
                        .add("b.example.org", {{RrType::A, 1, "192.0.2.1"}})
                        .finish();
  std::vector<std::string> names;
  std::vector<NodeId> nodes;
  for (const NodeId node : zone.nodes()) {
    names.push_back(zone.name(node).to_text());
    nodes.push_back(node);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"example.org.", "a.example.org.", "x.a.example.org.",
                                             "b.example.org."}));
  EXPECT_TRUE(std::ranges::is_sorted(nodes));
}

}  // namespace
}  // namespace zones
