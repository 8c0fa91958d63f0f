#include "zones/name_table.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "tests/dnswire/random.h"
#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using dnswire::Name;
using dnswire::NameView;
using dnswire::testing::Random;

std::uint32_t add(NameTable& table, NameView name) { return table.add(table.find(name), name); }

// Below `origin`: few labels of few octets, among them those that are special in order and case, so
// that names have long beginnings in common.
Name random_name(Random& random, NameView origin) {
  constexpr std::uint8_t kOctets[] = {0, 1, 2, 'A', 'a', 'B', 'b', '[', '-', '0', 0xfe, 0xff};
  std::vector<std::uint8_t> wire;
  for (std::size_t labels = random.between(0, 4); labels > 0; --labels) {
    const std::size_t size = random.chance(16) ? random.between(20, 59) : random.between(1, 2);
    wire.push_back(static_cast<std::uint8_t>(size));
    const bool is_dull = random.chance(2);
    for (std::size_t i = 0; i < size; ++i) {
      wire.push_back(is_dull && i + 1 < size ? 'x'
                                             : kOctets[random.between(0, std::size(kOctets) - 1)]);
    }
  }
  wire.insert(wire.end(), origin.wire().begin(), origin.wire().end());
  return Name(*NameView::parse(wire));
}

TEST(NameTable, FindsWhatWasAddedWhateverItsCase) {
  NameTable table;
  EXPECT_EQ(table.find(name_of("www.example.org")).index, NameTable::kNone);
  EXPECT_EQ(add(table, name_of("www.Example.org")), 0U);
  EXPECT_EQ(add(table, name_of("example.org")), 1U);
  EXPECT_EQ(table.find(name_of("WWW.example.org")).index, 0U);
  EXPECT_EQ(table.find(name_of("ww.example.org")).index, NameTable::kNone);
  EXPECT_EQ(table.name(0).to_text(), "www.Example.org.") << "case is preserved";
  EXPECT_EQ(table.size(), 2U);
}

TEST(NameTable, NumbersNamesLikeAMap) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  for (const std::size_t reserved : {std::size_t{0}, std::size_t{10}, std::size_t{100000}}) {
    NameTable table;
    table.reserve(reserved);
    std::map<Name, std::uint32_t> model;
    for (int i = 0; i < 20000; ++i) {
      const Name name = random_name(random, name_of("example.org"));
      const auto [expected, is_new] = model.emplace(name, static_cast<std::uint32_t>(model.size()));
      const auto place = table.find(name);
      ASSERT_EQ(place.index, is_new ? NameTable::kNone : expected->second) << name.to_text();
      if (is_new) {
        ASSERT_EQ(table.add(place, name), expected->second);
      }
    }
    for (const auto& [name, index] : model) EXPECT_EQ(table.name(index), name.view());
  }
}

TEST(NameTable, OrdersNamesCanonically) {  // RFC 4034 6.1
  Random random;
  SCOPED_TRACE(random.seed_text());
  for (const char* text : {".", "example.org", "a.b.c.d.e.f.example.org"}) {
    const Name origin = name_of(text);
    NameTable table;
    add(table, origin);
    for (int i = 0; i < 5000; ++i) {
      const Name name = random_name(random, origin);
      if (table.find(name).index == NameTable::kNone) add(table, name);
    }
    table.close();
    std::vector<std::uint32_t> expected(table.size());
    for (std::uint32_t i = 0; i < expected.size(); ++i) expected[i] = i;
    std::ranges::sort(expected, [&](auto a, auto b) { return table.name(a) < table.name(b); });
    EXPECT_EQ(table.canonical_order(origin.view().label_count()), expected) << text;
  }
}

}  // namespace
}  // namespace zones
