// Files that are not what they claim to be: whatever they hold, loading ends with a map that works
// and, if the damage shows, a problem.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "geo/database.h"
#include "geo/map.h"
#include "mmdb_writer.h"
#include "temporary_file.h"

namespace geo {
namespace {

using testing::HasSubstr;

std::string sample(std::uint16_t record_size = 24) {
  return write_mmdb(
      {
          {"192.0.2.0/24",
           {{"continent", MmdbMap{{"code", "EU"}}},
            {"country", MmdbMap{{"iso_code", "DE"}}},
            {"location", MmdbMap{{"latitude", 50.1}, {"longitude", 8.7}}}}},
          {"128.0.0.0/2", {{"country_code", "US"}, {"state1", "Virginia"}}},
          {"2000::/5", {{"autonomous_system_number", std::uint32_t{64500}}, {"country", "FR"}}},
      },
      {.record_size = record_size, .aliases = {"2002::/16"}});
}

// The number of databases that were loaded.
std::size_t load(const std::string& content) {
  const TemporaryFile file(content);
  const LoadedMap loaded = load_map(std::span(&file.path(), 1));
  EXPECT_EQ(loaded.problems.size() + loaded.map.databases().size(), 1U);
  for (const std::string_view text :
       {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "2000::1", "2002:c000:201::", "ffff::"}) {
    const auto address = dnswire::IpAddress::from_text(text).value();
    const Placement placement = loaded.map.locate(address);
    EXPECT_NE(placement.location, nullptr);
    EXPECT_LE(placement.depth, address.unwrapped().bits() == 32 ? kMaxDepth4 : kMaxDepth6);
  }
  return loaded.map.databases().size();
}

// With all other bits as they were.
void set_record(std::string& content, std::size_t node, std::size_t side, std::uint32_t value) {
  for (std::size_t i = 0; i < 3; ++i) {
    content[node * 6 + side * 3 + i] = static_cast<char>(value >> (8 * (2 - i)));
  }
}

TEST(DamagedDatabase, IsRefusedWhereverItIsCutOff) {
  const std::string whole = sample();
  ASSERT_EQ(load(whole), 1U);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(load(whole.substr(0, size)), 0U) << size;
  }
}

TEST(DamagedDatabase, IsNoDangerWhicheverBitIsFlipped) {
  for (const std::uint16_t record_size : std::initializer_list<std::uint16_t>{24, 28, 32}) {
    const std::string whole = sample(record_size);
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < whole.size() * 8; bit += record_size == 24 ? 1U : 5U) {
      std::string content = whole;
      content[bit / 8] = static_cast<char>(content[bit / 8] ^ (1 << (bit % 8)));
      SCOPED_TRACE(testing::Message() << record_size << " bits, bit " << bit);
      refused += 1 - load(content);
    }
    EXPECT_GT(refused, 100U);
  }
}

TEST(DamagedDatabase, IsNoDangerWhateverIsWrittenOverIt) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const std::string whole = sample();
  std::size_t refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string content = whole;
    for (auto count = 1 + random() % 16; count > 0; --count) {
      content[random() % content.size()] = static_cast<char>(random());
    }
    refused += 1 - load(content);
  }
  EXPECT_GT(refused, 100U);
}

// Node 0 of a tree that is large enough for the numbers below.
std::string tree_with(std::uint32_t left, std::uint32_t right) {
  std::string content = write_mmdb({{"192.0.2.0/24", {{"country_code", "DE"}}}}, {.ip_version = 4});
  set_record(content, 0, 0, left);
  set_record(content, 0, 1, right);
  return content;
}

TEST(DamagedDatabase, IsRefusedIfTheTreeLeadsOut) {
  constexpr std::uint32_t kNodes = 24;
  EXPECT_EQ(load(tree_with(kNodes, 1)), 1U);
  EXPECT_EQ(load(tree_with(kNodes + 1, 1)), 0U) << "the separator";
  EXPECT_EQ(load(tree_with(kNodes + 15, 1)), 0U) << "the separator";
  EXPECT_EQ(load(tree_with(kNodes + 16, 1)), 1U);
  EXPECT_EQ(load(tree_with(0xFFFFFF, 1)), 0U) << "behind the end";
}

TEST(DamagedDatabase, IsRefusedIfTheTreeRunsInCircles) {
  EXPECT_EQ(load(tree_with(0, 1)), 0U);
  std::string circle = tree_with(1, 1);
  for (std::size_t node = 1; node < 24; ++node) {
    set_record(circle, node, 0, 1);
    set_record(circle, node, 1, 1);
  }
  EXPECT_EQ(load(circle), 0U);
}

TEST(DamagedDatabase, IsRefusedIfATreeOfSharedNodesHasNoEnd) {
  // Every node leads to the next one twice: 24 nodes, 2^24 ways.
  std::string shared = tree_with(1, 1);
  for (std::uint32_t node = 1; node < 23; ++node) {
    set_record(shared, node, 0, node + 1);
    set_record(shared, node, 1, node + 1);
  }
  EXPECT_EQ(load(shared), 0U);
}

TEST(DamagedDatabase, IsRefusedIfItClaimsMoreNodesThanItHas) {
  std::string content = sample();
  const std::size_t key = content.find("node_count");
  ASSERT_NE(key, std::string::npos);
  const std::size_t value = key + 10;
  ASSERT_EQ(content[value] & 0xE0, 0xC0);  // an unsigned integer of 32 bits
  const auto size = static_cast<std::size_t>(content[value] & 0x1F);
  // 3 * 2^30 nodes of 6 octets: 2 GiB, if computed with 32 bits.
  content.replace(value, 1 + size, "\xC4\xC0\x00\x00\x00", 5);
  EXPECT_EQ(load(content), 0U);
  content.replace(value, 5, "\xC4\x80\x00\x00\x00", 5);  // 0, if computed with 32 bits
  EXPECT_EQ(load(content), 0U);
}

TEST(DamagedDatabase, IsRefusedIfItsDataAreNestedWithoutEnd) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += std::string("\x01\x04", 2);
  std::string content =
      write_mmdb({{"192.0.2.0/24", {{"a", std::string("here")}, {"country_code", "DE"}}}});
  // The decoder has to step over the first value to find the second.
  content.replace(content.find("\x44here"), 5, deep + "\x41x");
  EXPECT_EQ(load(content), 0U);
}

TEST(DamagedDatabase, IsRefusedIfItsMetadataFanOut) {
  std::string content = sample();
  const std::string last = "\x4FMade for a test";
  const std::size_t start = content.rfind("MaxMind.com") + 11;
  content.resize(content.rfind(last));
  // Arrays that all point twice to the next one: 2^40 values.
  for (int i = 0; i < 40; ++i) {
    const std::size_t next = content.size() + 12 - start;
    const std::string pointer{'\x38', '\0', '\0', static_cast<char>(next >> 8),
                              static_cast<char>(next)};
    content += std::string("\x02\x04", 2) + pointer + pointer;
  }
  EXPECT_EQ(load(content + "\x41x"), 0U);
}

TEST(DamagedDatabase, DoesNotKeepTheOthersFromLoading) {
  const TemporaryFile good(sample());
  const TemporaryFile bad(sample().substr(0, 200));
  const std::vector<std::string> paths{bad.path(), "/nonexistent.mmdb", good.path()};
  const LoadedMap loaded = load_map(paths);
  ASSERT_EQ(loaded.problems.size(), 2U);
  EXPECT_THAT(loaded.problems[0], HasSubstr(bad.path()));
  EXPECT_THAT(loaded.problems[1], HasSubstr("/nonexistent.mmdb"));
  ASSERT_EQ(loaded.map.databases().size(), 1U);
  EXPECT_EQ(loaded.map.databases()[0].path, good.path());
}

}  // namespace
}  // namespace geo
