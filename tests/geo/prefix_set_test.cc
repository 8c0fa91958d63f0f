#include "geo/prefix_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace geo {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;

IpAddress address(std::string_view text) { return IpAddress::from_text(text).value(); }

PrefixSet set_of(std::initializer_list<std::string_view> prefixes) {
  PrefixSet set;
  for (const std::string_view text : prefixes) set.insert(Prefix::from_text(text).value());
  return set;
}

void expect_match(const PrefixSet& set, std::string_view text, bool contained, unsigned depth) {
  const PrefixSet::Match match = set.match(address(text));
  EXPECT_EQ(match.contained, contained) << text;
  EXPECT_EQ(match.depth, depth) << text;
}

TEST(PrefixSet, ContainsNothingAtFirst) {
  const PrefixSet set;
  EXPECT_TRUE(set.empty());
  expect_match(set, "192.0.2.1", false, 0);
  expect_match(set, "2001:db8::1", false, 0);
}

TEST(PrefixSet, SaysAtWhichBitAnAddressLeavesThePath) {
  const PrefixSet set = set_of({"192.0.2.0/24"});
  EXPECT_FALSE(set.empty());
  expect_match(set, "192.0.2.200", true, 24);
  expect_match(set, "192.0.3.1", false, 24);
  expect_match(set, "192.0.0.1", false, 23);
  expect_match(set, "10.0.0.1", false, 1);
  expect_match(set, "2001:db8::1", false, 0);
}

TEST(PrefixSet, KeepsFamiliesApart) {
  const PrefixSet set = set_of({"0.0.0.0/0"});
  expect_match(set, "192.0.2.1", true, 0);
  expect_match(set, "::", false, 0);
  expect_match(set_of({"::/0"}), "ffff::", true, 0);
}

TEST(PrefixSet, HoldsSingleAddresses) {
  const PrefixSet set = set_of({"192.0.2.1/32", "2001:db8::1/128"});
  expect_match(set, "192.0.2.1", true, 32);
  expect_match(set, "192.0.2.0", false, 32);
  expect_match(set, "2001:db8::1", true, 128);
  expect_match(set, "2001:db8::2", false, 127);
}

TEST(PrefixSet, LetsTheWiderPrefixStandForTheNarrower) {
  expect_match(set_of({"10.0.0.0/8", "10.1.0.0/16"}), "10.1.2.3", true, 8);
  expect_match(set_of({"10.1.0.0/16", "10.0.0.0/8"}), "10.1.2.3", true, 8);
}

TEST(PrefixSet, JoinsHalves) {
  const PrefixSet set = set_of({"10.0.0.0/9", "10.128.0.0/10", "10.192.0.0/10"});
  expect_match(set, "10.1.2.3", true, 8);
  expect_match(set, "10.200.2.3", true, 8);
  const PrefixSet all = set_of({"::/1", "8000::/1"});
  expect_match(all, "2001:db8::", true, 0);
}

// The same answer as match(), a bit at a time.
PrefixSet::Match match_by_steps(const PrefixSet& set, const IpAddress& at) {
  PrefixSet::Step step = set.first_step(at.family());
  std::uint8_t depth = 0;
  while (!step.is_inside() && !step.is_outside()) step = set.next_step(step, at.bit(depth++));
  return {step.is_inside(), depth};
}

TEST(PrefixSet, StepsFromTheFirstBitToTheAnswer) {
  const PrefixSet set = set_of({"192.0.2.0/24", "2001:db8::1/128"});
  EXPECT_TRUE(match_by_steps(set, address("192.0.2.200")).contained);
  EXPECT_EQ(match_by_steps(set, address("192.0.2.200")).depth, 24);
  EXPECT_FALSE(match_by_steps(set, address("10.0.0.1")).contained);
  EXPECT_EQ(match_by_steps(set, address("10.0.0.1")).depth, 1);
  EXPECT_TRUE(PrefixSet().first_step(Family::V4).is_outside());
  EXPECT_TRUE(set_of({"::/0"}).first_step(Family::V6).is_inside());
  EXPECT_TRUE(set_of({"::/0"}).first_step(Family::V4).is_outside());
}

// All in a window of six bits, so that prefixes meet, nest and fill each other up; the bits before
// it and behind it are zeros.
constexpr unsigned kWindow = 6;
constexpr unsigned kAddresses = 1U << kWindow;

IpAddress address_in_window(Family family, unsigned first_bit, unsigned number) {
  std::array<std::uint8_t, 16> octets{};
  for (unsigned i = 0; i < kWindow; ++i) {
    if ((number >> (kWindow - 1 - i) & 1) == 0) continue;
    const unsigned bit = first_bit + i;
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | 0x80 >> (bit % 8));
  }
  return IpAddress::from_octets(family,
                                dnswire::Bytes(octets).first(family == Family::V4 ? 4 : 16));
}

// Every address of the window, in or out.
using Members = std::array<bool, kAddresses>;

// The least number of leading bits that says whether `number` is in.
unsigned least_depth(const Members& members, unsigned first_bit, unsigned number) {
  const auto has = [](bool value) { return [value](bool member) { return member == value; }; };
  if (std::ranges::none_of(members, has(true))) return 0;  // outside the window there is nobody
  for (unsigned length = 0; length < kWindow; ++length) {
    const unsigned size = kAddresses >> length;
    const auto* block = members.begin() + number / size * size;
    if (std::all_of(block, block + size, has(members[number]))) return first_bit + length;
  }
  return first_bit + kWindow;
}

class PrefixSetAgainstAList : public testing::TestWithParam<Family> {};

TEST_P(PrefixSetAgainstAList, GivesTheSameAnswers) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 3000; ++round) {
    const unsigned bits = GetParam() == Family::V4 ? 32 : 128;
    const auto first_bit = static_cast<unsigned>(random() % (bits - kWindow + 1));
    PrefixSet set;
    Members members{};
    for (auto count = random() % 24; count > 0; --count) {
      // Long prefixes mostly: few short ones would cover everything.
      const auto length = static_cast<unsigned>(kWindow - random() % (1 + random() % kWindow));
      const unsigned size = kAddresses >> length;
      const auto start = static_cast<unsigned>(random() % kAddresses / size * size);
      std::fill_n(members.begin() + start, size, true);
      set.insert({address_in_window(GetParam(), first_bit, start),
                  static_cast<std::uint8_t>(first_bit + length)});
    }
    for (unsigned number = 0; number < kAddresses; ++number) {
      const IpAddress probe = address_in_window(GetParam(), first_bit, number);
      const PrefixSet::Match match = set.match(probe);
      ASSERT_EQ(match.contained, members[number]) << probe.to_text();
      ASSERT_EQ(match.depth, least_depth(members, first_bit, number)) << probe.to_text();
      const PrefixSet::Match stepped = match_by_steps(set, probe);
      ASSERT_EQ(stepped.contained, match.contained) << probe.to_text();
      ASSERT_EQ(stepped.depth, match.depth) << probe.to_text();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Families, PrefixSetAgainstAList, testing::Values(Family::V4, Family::V6),
                         [](const auto& family) {
                           return family.param == Family::V4 ? "V4" : "V6";
                         });

}  // namespace
}  // namespace geo
