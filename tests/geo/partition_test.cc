#include "geo/partition.h"

#include <gtest/gtest.h>

#include "scope_check.h"

namespace geo {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;
using Link = BinaryTrie::Link;

IpAddress address(std::string_view text) { return IpAddress::from_text(text).value(); }

struct Numbered {
  Prefix network;
  std::uint32_t number;
};

// Each network over the shorter ones around it, and over 0; of two that are the same, the later.
class Numbers {
 public:
  void add(const Prefix& network, std::uint32_t number) { list_.push_back({network, number}); }
  void add(std::string_view network, std::uint32_t number) {
    add(Prefix::from_text(network).value(), number);
  }

  [[nodiscard]] std::uint32_t number(const IpAddress& at) const {
    const Numbered* best = nullptr;
    for (const Numbered& one : list_) {
      if (!one.network.contains(at)) continue;
      if (best == nullptr || one.network.length >= best->network.length) best = &one;
    }
    return best == nullptr ? 0 : best->number;
  }

  [[nodiscard]] SlowPartition slow() const {
    SlowPartition slow;
    for (const Numbered& one : list_) slow.networks.push_back(one.network);
    slow.number = [this](const IpAddress& at) { return number(at); };
    return slow;
  }

  [[nodiscard]] Partition packed() const {
    BinaryTrie trie;
    const SlowPartition reference = slow();
    trie.root4 = divide(trie, reference, {});
    trie.root6 = divide(trie, reference, {make_address(Family::V6, {}), 0});
    return Partition(trie);
  }

 private:
  static Link divide(BinaryTrie& trie, const SlowPartition& slow, const Prefix& network) {
    if (slow.is_alike(network)) return BinaryTrie::kLeaf | slow.number(network.address);
    const auto index = static_cast<Link>(trie.nodes.size());
    trie.nodes.emplace_back();
    const unsigned length = network.length + 1U;
    const Link left = divide(trie, slow, prefix_of(network.address, length));
    const Link right = divide(trie, slow, prefix_of(last_of(network), length));
    trie.nodes[index] = {{left, right}};
    return index;
  }

  std::vector<Numbered> list_;
};

void expect_match(const Partition& partition, std::string_view text, std::uint32_t number,
                  unsigned depth) {
  const Partition::Match match = partition.find(address(text));
  EXPECT_EQ(match.number, number) << text;
  EXPECT_EQ(match.depth, depth) << text;
}

TEST(Partition, GivesEverybodyZeroAtFirst) {
  const Partition partition;
  EXPECT_TRUE(partition.is_uniform());
  EXPECT_EQ(partition.networks(), 2U);
  expect_match(partition, "192.0.2.1", 0, 0);
  expect_match(partition, "2001:db8::1", 0, 0);
}

TEST(Partition, CostsNextToNothingIfItIsTrivial) {
  EXPECT_LT(Partition().memory(), 200U);
  Numbers numbers;
  numbers.add("192.0.2.0/24", 1);
  EXPECT_LT(numbers.packed().memory(), 2000U);
}

TEST(Partition, RestsOnTheWidestNetworkThatIsAlike) {
  Numbers numbers;
  numbers.add("192.0.2.0/24", 7);
  numbers.add("2001:db8::/32", 8);
  const Partition partition = numbers.packed();
  expect_match(partition, "192.0.2.255", 7, 24);
  expect_match(partition, "192.0.3.0", 0, 24);
  expect_match(partition, "192.0.0.1", 0, 23);
  expect_match(partition, "10.0.0.1", 0, 1);
  expect_match(partition, "2001:db8:ffff::", 8, 32);
  expect_match(partition, "2001:db9::", 0, 32);
  expect_match(partition, "8000::", 0, 1);
}

// RFC 7871 7.3.1: scope 0 would speak for the other family as well.
TEST(Partition, RestsOnOneBitWhereTheOtherFamilyIsNotAlike) {
  Numbers numbers;
  numbers.add("2001:db8::/32", 8);
  const Partition partition = numbers.packed();
  EXPECT_FALSE(partition.is_uniform());
  expect_match(partition, "192.0.2.1", 0, 1);
}

TEST(Partition, RestsOnOneBitWhereTheFamiliesDiffer) {
  Numbers numbers;
  numbers.add("::/0", 1);
  const Partition partition = numbers.packed();
  EXPECT_FALSE(partition.is_uniform());
  EXPECT_EQ(partition.networks(), 2U);
  expect_match(partition, "192.0.2.1", 0, 1);
  expect_match(partition, "2001:db8::1", 1, 1);
  expect_match(partition, "ffff::", 1, 1);
}

TEST(Partition, HoldsSingleAddresses) {
  Numbers numbers;
  numbers.add("192.0.2.1/32", 1);
  numbers.add("2001:db8::1/128", 2);
  const Partition partition = numbers.packed();
  expect_match(partition, "192.0.2.1", 1, 32);
  expect_match(partition, "192.0.2.0", 0, 32);
  expect_match(partition, "2001:db8::1", 2, 128);
  expect_match(partition, "2001:db8::", 0, 128);
  expect_match(partition, "2001:db8::2", 0, 127);
}

TEST(Partition, HoldsTheGreatestNumber) {
  Numbers numbers;
  numbers.add("192.0.2.1/32", Partition::kNumbers - 1);
  numbers.add("::/0", Partition::kNumbers - 2);
  const Partition partition = numbers.packed();
  expect_match(partition, "192.0.2.1", Partition::kNumbers - 1, 32);
  expect_match(partition, "2001:db8::", Partition::kNumbers - 2, 1);
}

TEST(Partition, LooksUpIpv4InsideIpv6AsIpv4) {
  Numbers numbers;
  numbers.add("192.0.2.0/24", 7);
  const Partition partition = numbers.packed();
  expect_match(partition, "::ffff:192.0.2.1", 7, 24);
  expect_match(partition, "64:ff9b::192.0.2.1", 7, 24);
  expect_match(partition, "2002:c000:0201::1", 7, 24);
  expect_match(partition, "2001:0:1:2:3:4:3fff:fdfe", 7, 24);
  expect_match(partition, "::192.0.2.1", 0, 1);
}

TEST(Partition, WalksItsNetworksInOrder) {
  Numbers numbers;
  numbers.add("128.0.0.0/1", 1);
  numbers.add("192.0.0.0/2", 2);
  std::vector<std::pair<std::string, std::uint32_t>> seen;
  numbers.packed().walk([&seen](const Prefix& network, std::uint32_t number) {
    seen.emplace_back(network.to_text(), number);
  });
  const decltype(seen) expected{
      {"0.0.0.0/1", 0}, {"128.0.0.0/2", 1}, {"192.0.0.0/2", 2}, {"::/0", 0}};
  EXPECT_EQ(seen, expected);
}

TEST(Partition, IsEqualToAnotherOfTheSameNumbers) {
  Numbers numbers;
  numbers.add("192.0.2.0/24", 7);
  Numbers in_halves;
  in_halves.add("192.0.2.128/25", 7);
  in_halves.add("192.0.2.0/25", 7);
  EXPECT_EQ(numbers.packed(), in_halves.packed());
  in_halves.add("192.0.2.0/25", 8);
  EXPECT_NE(numbers.packed(), in_halves.packed());
  EXPECT_NE(numbers.packed(), Partition());
}

// Networks near each other, so that they meet, nest and fill each other up.
Prefix random_network(std::mt19937& random) {
  const Family family = random() % 2 == 0 ? Family::V4 : Family::V6;
  Octets octets{};
  octets[0] = family == Family::V4 ? 192 : 0x26;
  const unsigned bits = family == Family::V4 ? 32 : 128;
  const auto length = static_cast<unsigned>(random() % (bits + 1));
  for (int flips = 0; flips < 3; ++flips) {
    const auto bit = static_cast<unsigned>(random() % bits);
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] ^ 0x80U >> bit % 8);
  }
  return prefix_of(make_address(family, octets), length);
}

TEST(Partition, AgreesWithAList) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    Numbers numbers;
    for (auto count = random() % 16; count > 0; --count) {
      numbers.add(random_network(random), static_cast<std::uint32_t>(random() % 3));
    }
    const Partition partition = numbers.packed();
    expect_same(partition, numbers.slow(), 10, random);
    expect_sound_walk(partition);
    if (testing::Test::HasFailure()) return;
  }
}

// As many networks as it takes for the larger tables in front.
TEST(Partition, AgreesWithAnArray) {
  std::mt19937 random(1);
  constexpr unsigned kBits = 17;
  std::vector<std::uint32_t> numbers(1U << kBits);
  for (std::uint32_t& number : numbers) number = static_cast<std::uint32_t>(random() % 5);
  BinaryTrie trie;
  const std::function<Link(unsigned, std::size_t)> divide = [&](unsigned depth, std::size_t first) {
    if (depth == kBits) return BinaryTrie::kLeaf | numbers[first];
    const auto index = static_cast<Link>(trie.nodes.size());
    trie.nodes.emplace_back();
    const Link left = divide(depth + 1, first);
    const Link right = divide(depth + 1, first + (numbers.size() >> (depth + 1)));
    if (left == right && BinaryTrie::is_leaf(left)) {
      trie.nodes.pop_back();
      return left;
    }
    trie.nodes[index] = {{left, right}};
    return index;
  };
  trie.root4 = divide(0, 0);
  trie.root6 = divide(0, 0);
  const Partition partition(trie);
  expect_sound_walk(partition);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Octets octets{};
    dnswire::store32(octets.data(), static_cast<std::uint32_t>(i << (32 - kBits)));
    for (const Family family : {Family::V4, Family::V6}) {
      const IpAddress at = make_address(family, octets);
      if (at.unwrapped() != at) continue;
      ASSERT_EQ(partition.find(at).number, numbers[i]) << at.to_text();
    }
  }
}

}  // namespace
}  // namespace geo
