#include "dnswire/name_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "dnswire/name.h"
#include "oracle.h"
#include "random.h"

namespace dnswire {
namespace {

using testing::Octets;

Name name(std::string_view text) { return Name::from_text(text).value(); }

// The name with the case of random letters turned.
Name recased(NameView view, testing::Random& random) {
  Octets wire(view.wire().begin(), view.wire().end());
  for (std::size_t at = 0; wire[at] != 0; at += wire[at] + 1U) {
    for (std::size_t i = at + 1; i <= at + wire[at]; ++i) {
      if (wire[i] < 0x80 && std::isalpha(wire[i]) != 0 && random.chance(2)) wire[i] ^= 0x20;
    }
  }
  return Name(NameView::trusted(wire));
}

int sign(std::weak_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

TEST(NameView, ReadsOneNameAndLeavesTheRest) {
  const Octets wire{1, 'a', 2, 'b', 'c', 0, 9, 9};
  const auto view = NameView::parse(wire);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->size(), 6U);
  EXPECT_EQ(view->label_count(), 2U);
  EXPECT_EQ(view->to_text(), "a.bc.");
  EXPECT_EQ(view->parent().to_text(), "bc.");
  EXPECT_TRUE(view->parent().parent().is_root());
}

TEST(NameView, IsTheRootByDefault) {
  EXPECT_TRUE(NameView().is_root());
  EXPECT_EQ(NameView().to_text(), ".");
  EXPECT_EQ(NameView().label_count(), 0U);
  EXPECT_EQ(NameView(), name("."));
}

TEST(NameView, RefusesEveryPrefixOfAName) {
  const Octets wire{3, 'w', 'w', 'w', 2, 'd', 'e', 0};
  for (std::size_t size = 0; size < wire.size(); ++size) {
    EXPECT_EQ(NameView::parse(Bytes(wire).first(size)).error(), Error::Truncated) << size;
  }
}

TEST(NameView, RefusesLabelOver63Octets) {
  Octets wire(80, 'a');
  wire[0] = 64;
  wire[65] = 0;
  EXPECT_EQ(NameView::parse(wire).error(), Error::BadLabelType);
  wire[0] = 63;
  wire[64] = 0;
  EXPECT_TRUE(NameView::parse(wire));
}

TEST(NameView, RefusesPointersAndUnknownLabelTypes) {
  for (unsigned first = 64; first < 256; ++first) {
    const Octets wire{1, 'a', static_cast<std::uint8_t>(first), 0};
    EXPECT_EQ(NameView::parse(wire).error(),
              first >= 0xc0 ? Error::BadPointer : Error::BadLabelType);
  }
}

TEST(NameView, Takes255OctetsAndRefuses256) {
  Octets wire;
  for (int i = 0; i < 127; ++i) wire.insert(wire.end(), {1, 'a'});
  wire.push_back(0);
  ASSERT_EQ(wire.size(), kMaxNameSize);
  ASSERT_TRUE(NameView::parse(wire));
  EXPECT_EQ(NameView::parse(wire)->label_count(), kMaxLabelCount);
  EXPECT_EQ(NameView::parse(wire)->size(), kMaxNameSize);
  wire.insert(wire.begin() + 1, 'a');
  wire[0] = 2;
  EXPECT_EQ(NameView::parse(wire).error(), Error::NameTooLong);
  EXPECT_EQ(NameView::parse(Octets(2000, 1)).error(), Error::NameTooLong);
}

TEST(NameView, WildcardIsAnAsteriskAloneInTheFirstLabel) {
  EXPECT_TRUE(name("*.example.").view().is_wildcard());
  EXPECT_TRUE(name("\\042.example.").view().is_wildcard());
  EXPECT_FALSE(name("a.*.example.").view().is_wildcard());
  EXPECT_FALSE(name("**.example.").view().is_wildcard());
  EXPECT_FALSE(NameView().is_wildcard());
}

TEST(NameView, IsWithinOnLabelBoundariesOnly) {
  EXPECT_TRUE(name("www.example.org.").view().is_within(name("EXAMPLE.org.")));
  EXPECT_TRUE(name("example.org.").view().is_within(name("example.org.")));
  EXPECT_TRUE(name("example.org.").view().is_within(NameView()));
  EXPECT_TRUE(NameView().is_within(NameView()));
  EXPECT_FALSE(name("org.").view().is_within(name("example.org.")));
  EXPECT_FALSE(name("notexample.org.").view().is_within(name("example.org.")));
  EXPECT_FALSE(name("example.net.").view().is_within(name("org.")));
  // The octets of the tail are there, but no label starts where they do.
  EXPECT_FALSE(name("a\\003org.").view().is_within(name("org.")));
}

TEST(NameView, IsWithinExactlyItsOwnTails) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 2000; ++i) {
    const Name one = random.name();
    const Name other = random.name();
    bool is_tail = other.view().is_root();
    for (NameView tail = one; !tail.is_root(); tail = tail.parent()) {
      EXPECT_TRUE(one.view().is_within(recased(tail, random)));
      is_tail = is_tail || tail == other;
    }
    EXPECT_EQ(one.view().is_within(other), is_tail);
  }
}

TEST(NameView, EqualityAndHashIgnoreAsciiCaseAlone) {
  // Every octet, at every place of a word: only letters have a second face.
  for (std::size_t place = 1; place < 20; ++place) {
    for (unsigned octet = 0; octet < 256; ++octet) {
      Octets wire(21, 'q');
      wire[0] = 19;
      wire[20] = 0;
      wire[place] = static_cast<std::uint8_t>(octet);
      Octets turned = wire;
      turned[place] ^= 0x20;
      const auto a = NameView::trusted(wire);
      const auto b = NameView::trusted(turned);
      const bool letter = octet < 0x80 && std::isalpha(static_cast<int>(octet)) != 0;
      EXPECT_EQ(a == b, letter) << octet;
      EXPECT_EQ(a.hash() == b.hash(), letter) << octet;
      EXPECT_EQ((a <=> b) == 0, letter) << octet;
    }
  }
}

TEST(NameView, EqualNamesOfAnySizeHaveEqualHashes) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 5000; ++i) {
    const Name one = random.name();
    const Name other = recased(one, random);
    EXPECT_EQ(one, other);
    EXPECT_EQ(one.view().hash(), other.view().hash());
  }
}

TEST(NameView, ADifferenceInAnyOctetMakesNamesDiffer) {
  for (std::size_t size = 1; size <= kMaxLabelSize; ++size) {
    Octets wire(size + 2, 'm');
    wire[0] = static_cast<std::uint8_t>(size);
    wire[size + 1] = 0;
    for (std::size_t at = 1; at <= size; ++at) {
      Octets other = wire;
      other[at] = 'n';
      EXPECT_NE(NameView::trusted(wire), NameView::trusted(other)) << size << " " << at;
      EXPECT_NE(NameView::trusted(wire).hash(), NameView::trusted(other).hash());
    }
  }
}

TEST(NameView, LowBitsOfHashesAreSpreadLikeRandomOnes) {
  std::vector<std::uint64_t> slots;
  for (int i = 0; i < 1 << 16; ++i) {
    slots.push_back(name("host" + std::to_string(i) + ".example.").view().hash() & 0xffff);
  }
  std::sort(slots.begin(), slots.end());
  const auto distinct = std::unique(slots.begin(), slots.end()) - slots.begin();
  // Throwing n balls into n bins leaves 63.2 percent of the bins with a ball.
  EXPECT_NEAR(static_cast<double>(distinct) / 65536, 0.632, 0.02);
}

TEST(NameView, OrdersTheExampleOfRfc4034) {
  const std::vector<std::string> sorted{
      "example.",   "a.example.",       "yljkjljk.a.example.", "Z.a.example.",    "zABC.a.EXAMPLE.",
      "z.example.", "\\001.z.example.", "*.z.example.",        "\\200.z.example."};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(name(sorted[i]) <=> name(sorted[j]), i <=> j) << sorted[i] << " " << sorted[j];
    }
  }
}

TEST(NameView, OrdersAsLdnsDoes) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 20000; ++i) {
    const Name one = random.name(random.chance(2));
    // Half of the time a near relative, so that the order is decided late.
    Octets wire(one.view().wire().begin(), one.view().wire().end());
    if (wire.size() > 2) {
      wire[random.between(1, wire[0])] = random.octet();
    }
    const Name other = random.chance(2) ? Name(NameView::trusted(wire)) : random.name();
    EXPECT_EQ(sign(one <=> other), testing::oracle_compare(one, other))
        << one.to_text() << " " << other.to_text();
    EXPECT_EQ(one == other, (one <=> other) == 0);
  }
}

TEST(NameView, EscapesWhatMasterFilesAndLogsWouldMisread) {
  EXPECT_EQ(name("a\\.b\\\\c.").to_text(), "a\\.b\\\\c.");
  EXPECT_EQ(name("\\034\\040\\041\\059\\064\\036.").to_text(), "\\\"\\(\\)\\;\\@\\$.");
  EXPECT_EQ(name("\\000\\009\\010\\032\\127\\128\\255.").to_text(),
            "\\000\\009\\010\\032\\127\\128\\255.");
}

TEST(NameView, TextIsPrintableAsciiWithoutBlanksAndReadByLdns) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 5000; ++i) {
    const Name one = random.name();
    const std::string text = one.to_text();
    EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; }));
    const Bytes wire = one.view().wire();
    EXPECT_EQ(testing::oracle_name_from_text(text), Octets(wire.begin(), wire.end())) << text;
  }
}

TEST(SkipName, GoesBehindNameAndPointer) {
  const Octets message{9, 9, 1, 'a', 0, 7, 1, 'b', 0xc0, 0x02, 7, 0xc0, 0xff};
  EXPECT_EQ(skip_name(message, 2), 5U);
  EXPECT_EQ(skip_name(message, 4), 5U);
  EXPECT_EQ(skip_name(message, 6), 10U);
  EXPECT_EQ(skip_name(message, 8), 10U);
  EXPECT_EQ(skip_name(message, 11), 13U);  // not followed, wherever it points
}

TEST(SkipName, RefusesWhatRunsOverTheEnd) {
  const Octets message{1, 'a', 3, 'b'};
  for (std::size_t at = 0; at < 8; ++at) {
    const auto end = skip_name(message, at);
    EXPECT_FALSE(end) << at;
  }
  EXPECT_EQ(skip_name(Octets{1, 'a', 0xc0}, 0).error(), Error::Truncated);
  EXPECT_EQ(skip_name(Octets{0x80, 0}, 0).error(), Error::BadLabelType);
  EXPECT_EQ(skip_name(Octets(600, 1), 0).error(), Error::NameTooLong);
}

}  // namespace
}  // namespace dnswire
