#include "dnswire/search_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>

#include "dnswire/name.h"
#include "random.h"

namespace dnswire {
namespace {

using Octets = std::vector<std::uint8_t>;

// A name at the very end of its memory, or so many octets before it, all set to one value: whatever
// is read behind that is found by AddressSanitizer, and must not matter.
class Placed {
 public:
  explicit Placed(NameView name, std::size_t behind = 0, std::uint8_t octet = 0xff)
      : size_(name.size()), octets_(new std::uint8_t[size_ + behind]) {
    std::ranges::copy(name.wire(), octets_.get());
    std::fill_n(octets_.get() + size_, behind, octet);
  }
  [[nodiscard]] NameView view() const { return NameView::trusted({octets_.get(), size_}); }

 private:
  std::size_t size_;
  std::unique_ptr<std::uint8_t[]> octets_;
};

Name in_other_case(testing::Random& random, NameView name) {
  Octets wire(name.wire().begin(), name.wire().end());
  for (std::uint8_t& octet : wire) {
    const bool is_letter = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    if (is_letter && random.chance(2)) octet ^= 0x20;  // length octets are no letters
  }
  return Name(NameView::trusted(wire));
}

// Another name that is hard to tell from it: one octet is another.
Name nearly(testing::Random& random, NameView name) {
  Octets wire(name.wire().begin(), name.wire().end());
  std::vector<bool> is_length(wire.size());
  for (std::size_t at = 0; at < wire.size(); at += wire[at] + std::size_t{1}) is_length[at] = true;
  for (int tries = 0; tries < 20; ++tries) {
    const std::size_t at = random.between(0, wire.size() - 1);
    if (is_length[at]) continue;
    wire[at] = static_cast<std::uint8_t>(wire[at] ^ (1U << random.between(0, 7)));
    break;
  }
  return Name(NameView::trusted(wire));
}

Name name_of_labels(std::size_t labels, std::size_t size) {
  Octets wire;
  for (std::size_t i = 0; i < labels; ++i) {
    wire.push_back(static_cast<std::uint8_t>(size));
    wire.insert(wire.end(), size, static_cast<std::uint8_t>('A' + i % 26));
  }
  wire.push_back(0);
  return Name(NameView::trusted(wire));
}

// Its suffixes, by their numbers.
std::vector<NameView> suffixes(NameView name) {
  std::vector<NameView> all{name};
  while (!all.back().is_root()) all.push_back(all.back().parent());
  std::ranges::reverse(all);
  return all;
}

void expect_suffixes(const SearchName& search, NameView name) {
  const auto all = suffixes(name);
  ASSERT_EQ(search.labels(), all.size() - 1);
  ASSERT_EQ(search.labels(), name.label_count());
  ASSERT_EQ(search.view().wire().data(), name.wire().data());
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(search.suffix_size(i), all[i].size());
    ASSERT_TRUE(std::ranges::equal(search.suffix(i).wire(), all[i].wire()));
    ASSERT_EQ(search.hash(i), SearchName(all[i]).hash(i)) << "of the suffix alone";
  }
}

TEST(SearchName, KnowsItsSuffixes) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 2000; ++i) {
    const Name name = random.name();
    const Placed placed(name);
    expect_suffixes(SearchName(placed.view()), placed.view());
  }
}

TEST(SearchName, TakesNamesOfEverySize) {
  expect_suffixes(SearchName(NameView()), NameView());
  for (std::size_t size = 1; size <= kMaxLabelSize; ++size) {
    const Placed one(name_of_labels(1, size));
    expect_suffixes(SearchName(one.view()), one.view());
  }
  const Placed many(name_of_labels(kMaxLabelCount, 1));
  ASSERT_EQ(many.view().size(), kMaxNameSize);
  expect_suffixes(SearchName(many.view()), many.view());
  const Name three = name_of_labels(3, kMaxLabelSize);
  Octets wire(three.view().wire().begin(), three.view().wire().end() - 1);
  wire.push_back(61);
  wire.insert(wire.end(), 61, 'z');
  wire.push_back(0);
  const Placed longest(NameView::trusted(wire));
  ASSERT_EQ(longest.view().size(), kMaxNameSize);
  expect_suffixes(SearchName(longest.view()), longest.view());
}

TEST(SearchName, HashesAreEqualWhereSuffixesAre) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  std::size_t equal = 0;
  for (int i = 0; i < 4000; ++i) {
    const Name one = random.name(random.chance(2));
    const Name other = random.chance(2) ? in_other_case(random, one) : nearly(random, one);
    const SearchName a(one);
    const SearchName b(other);
    ASSERT_EQ(a.labels(), b.labels());
    for (std::size_t suffix = 0; suffix <= a.labels(); ++suffix) {
      const bool is_equal = a.suffix(suffix) == b.suffix(suffix);
      equal += is_equal ? 1 : 0;
      // Two of 2^64 values: that others meet would be a fault.
      ASSERT_EQ(a.hash(suffix) == b.hash(suffix), is_equal)
          << one.to_text() << " and " << other.to_text() << ", " << suffix;
    }
  }
  EXPECT_GT(equal, 4000U);
}

// Lengths are part of what is hashed: no two ways to cut the same letters into labels meet.
TEST(SearchName, HashesTellLabelsApart) {
  const auto hash = [](const char* text) {
    const Name name = Name::from_text(text).value();
    const SearchName search(name);
    return search.hash(search.labels());
  };
  EXPECT_NE(hash("a.bc"), hash("ab.c"));
  EXPECT_NE(hash("abc"), hash("a.bc"));
  EXPECT_NE(hash("a"), hash("a\\000"));
  EXPECT_NE(hash("abcdefgh"), hash("abcdefgh\\000"));
  EXPECT_NE(hash("."), hash("\\000"));
  EXPECT_EQ(hash("WWW.Example"), hash("www.eXAMPLE"));
}

// `equals` may read kSlack octets behind the other name; what they are does not matter.
TEST(SearchName, EqualsWhatNamesAreEqualTo) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  std::size_t equal = 0;
  for (int i = 0; i < 4000; ++i) {
    const Name name = random.name(random.chance(2));
    const Placed mine(name);
    const SearchName search(mine.view());
    const auto all = suffixes(name);
    for (std::size_t suffix = 0; suffix <= search.labels(); ++suffix) {
      const std::size_t of = random.chance(4) ? random.between(0, search.labels()) : suffix;
      const Name other =
          random.chance(2) ? in_other_case(random, all[of]) : nearly(random, all[of]);
      const Placed theirs(other, SearchName::kSlack, random.octet());
      const bool is_equal = all[suffix] == other.view();
      equal += is_equal ? 1 : 0;
      ASSERT_EQ(search.equals(suffix, theirs.view(), false), is_equal) << other.to_text();
      if (!is_lower(other)) continue;
      ASSERT_EQ(search.equals(suffix, theirs.view(), true), is_equal) << other.to_text();
    }
  }
  EXPECT_GT(equal, 4000U);
}

TEST(SearchName, SeesEveryOctetThatIsAnother) {
  const Name name = Name::from_text("abcdefgh.ijklmnopqrst.uvw.xyz").value();
  const SearchName search(name);
  for (std::size_t at = 0; at < name.view().size(); ++at) {
    Octets wire(name.view().wire().begin(), name.view().wire().end());
    wire[at] ^= 0x01;
    const Placed other(NameView::trusted(wire), SearchName::kSlack);
    EXPECT_FALSE(search.equals(search.labels(), other.view(), true)) << at;
    EXPECT_FALSE(search.equals(search.labels(), other.view(), false)) << at;
  }
}

TEST(IsLower, IsSoUnlessThereIsAnUpperCaseLetter) {
  EXPECT_TRUE(is_lower(NameView()));
  EXPECT_TRUE(is_lower(Name::from_text("www.example-1.\\064\\091\\193").value()));
  EXPECT_TRUE(is_lower(name_of_labels(1, kMaxLabelSize).view().parent()));
  EXPECT_FALSE(is_lower(Name::from_text("wwW").value()));
  EXPECT_FALSE(is_lower(Name::from_text("a.A").value()));
  EXPECT_FALSE(is_lower(Name::from_text("Z").value()));
}

// Every octet, in every place of a word.
TEST(OctetWords, LowerEveryOctetByItself) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    for (std::size_t at = 0; at < kWordSize; ++at) {
      for (const std::uint8_t rest : {std::uint8_t{0}, std::uint8_t{'Z'}, std::uint8_t{0xff}}) {
        std::array<std::uint8_t, kWordSize> octets;
        octets.fill(rest);
        octets[at] = static_cast<std::uint8_t>(octet);
        const std::uint64_t word = lowered(load_word(octets.data()));
        for (std::uint8_t& one : octets) {
          if (one >= 'A' && one <= 'Z') one = static_cast<std::uint8_t>(one + 0x20);
        }
        ASSERT_EQ(word, load_word(octets.data())) << octet << " at " << at;
      }
    }
  }
}

}  // namespace
}  // namespace dnswire
