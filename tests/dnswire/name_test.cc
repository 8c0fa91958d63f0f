#include "dnswire/name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <unordered_map>

#include "dnswire/header.h"
#include "oracle.h"
#include "random.h"

namespace dnswire {
namespace {

using testing::Octets;

Octets wire(NameView name) { return {name.wire().begin(), name.wire().end()}; }
Error error_of(std::string_view text) { return Name::from_text(text).error(); }
Name name(std::string_view text) { return Name::from_text(text).value(); }

// A message that is all header and then these octets.
Octets after_header(const Octets& octets) {
  Octets message(kHeaderSize + octets.size());
  std::copy(octets.begin(), octets.end(), message.begin() + kHeaderSize);
  return message;
}

TEST(Name, ReadsAbsoluteAndRelativeNames) {
  const Name origin = name("example.org.");
  EXPECT_EQ(Name::from_text("www", origin)->to_text(), "www.example.org.");
  EXPECT_EQ(Name::from_text("a.b", origin)->to_text(), "a.b.example.org.");
  EXPECT_EQ(Name::from_text("www.", origin)->to_text(), "www.");
  EXPECT_EQ(Name::from_text(".", origin)->to_text(), ".");
  EXPECT_EQ(Name::from_text("www")->to_text(), "www.");
  EXPECT_EQ(Name::from_text("www\\.", origin)->to_text(), "www\\..example.org.");
}

TEST(Name, ReadsAtSignAsOriginUnlessEscaped) {
  const Name origin = name("example.org.");
  EXPECT_EQ(Name::from_text("@", origin), origin);
  EXPECT_EQ(wire(Name::from_text("\\@").value()), (Octets{1, '@', 0}));
  EXPECT_EQ(wire(Name::from_text("@.").value()), (Octets{1, '@', 0}));
}

TEST(Name, RefusesEmptyTextAndEmptyLabels) {
  EXPECT_EQ(error_of(""), Error::Truncated);
  for (const char* text : {"a..b", "..", ".a", "a..", "a.b..c."}) {
    EXPECT_EQ(error_of(text), Error::EmptyLabel) << text;
  }
}

TEST(Name, RefusesBadEscapesAndRawDelimiters) {
  for (const char* text : {"\\", "a\\", "\\256", "\\25", "\\2x5"}) {
    EXPECT_EQ(error_of(text), Error::BadEscape) << text;
  }
  for (const char* text : {"a b", "a\tb", "a\nb", "\"a\"", "(a", "a)", "a;b", "m\xc3\xbcnchen"}) {
    EXPECT_EQ(error_of(text), Error::BadText) << text;
  }
}

TEST(Name, CountsOctetsNotCharactersForItsLimits) {
  EXPECT_EQ(Name::from_text(std::string(63, 'a'))->view().size(), 65U);
  EXPECT_EQ(error_of(std::string(64, 'a')), Error::LabelTooLong);
  std::string escaped;
  for (int i = 0; i < 63; ++i) escaped += "\\065";
  EXPECT_EQ(Name::from_text(escaped)->view().size(), 65U);
  EXPECT_EQ(error_of(escaped + "\\065"), Error::LabelTooLong);
  EXPECT_EQ(error_of(std::string(1 << 20, 'a')), Error::LabelTooLong);
}

TEST(Name, Takes255OctetsAndRefuses256) {
  std::string text;
  for (int i = 0; i < 126; ++i) text += "a.";
  EXPECT_EQ(name(text + "a.").view().size(), 255U);
  EXPECT_EQ(name(text + "a").view().size(), 255U);
  EXPECT_EQ(error_of(text + "ab."), Error::NameTooLong);
  EXPECT_EQ(error_of(text + "a.b."), Error::NameTooLong);
  EXPECT_TRUE(Name::from_text(text + "a", NameView()));
  EXPECT_EQ(Name::from_text(text + "a", name("b.")).error(), Error::NameTooLong);
  EXPECT_EQ(Name::from_text("a.b", name(text)).error(), Error::NameTooLong);
}

TEST(Name, EveryOctetSurvivesTheWayThroughText) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    const Octets one{3, 'x', static_cast<std::uint8_t>(octet), 'y', 0};
    const std::string text = NameView::trusted(one).to_text();
    EXPECT_EQ(wire(name(text)), one) << text;
    EXPECT_EQ(name(text).to_text(), text);
    const Octets alone{1, static_cast<std::uint8_t>(octet), 0};
    EXPECT_EQ(wire(name(NameView::trusted(alone).to_text())), alone);
  }
}

TEST(Name, RandomNamesSurviveTheWayThroughText) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 5000; ++i) {
    const Name one = random.name();
    EXPECT_EQ(wire(name(one.to_text())), wire(one)) << one.to_text();
  }
}

TEST(Name, KeepsCase) { EXPECT_EQ(name("WwW.Example.").to_text(), "WwW.Example."); }

TEST(NameRead, FollowsPointersBackwards) {
  const Octets message = after_header({1, 'a', 0, 1, 'b', 0xc0, 12, 1, 'c', 0xc0, 15, 9});
  std::size_t at = 19;
  const auto read = Name::read(message, at);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->to_text(), "c.b.a.");
  EXPECT_EQ(at, 23U);
  at = 12;
  EXPECT_EQ(Name::read(message, at)->to_text(), "a.");
  EXPECT_EQ(at, 15U);
}

TEST(NameRead, RefusesPointersForwardToSelfIntoOwnLabelsAndHeader) {
  for (const Octets& octets :
       {Octets{0xc0, 12, 0}, Octets{0xc0, 14, 0}, Octets{1, 'a', 0xc0, 12},
        Octets{1, 'a', 0xc0, 13}, Octets{0xc0, 0}, Octets{0xc0, 11}, Octets{0xff, 0xff}}) {
    std::size_t at = 12;
    EXPECT_EQ(Name::read(after_header(octets), at).error(), Error::BadPointer);
  }
}

TEST(NameRead, RefusesTwoNamesPointingAtEachOther) {
  const Octets message = after_header({1, 'a', 0xc0, 16, 1, 'b', 0xc0, 12});
  std::size_t at = 16;
  EXPECT_EQ(Name::read(message, at).error(), Error::BadPointer);
}

TEST(NameRead, CountsTheLengthAcrossPointers) {
  Octets labels{0};
  std::size_t last = 12;
  // Each step adds 16 octets to the name; with the root 15 of them make 241.
  for (int i = 0; i < 16; ++i) {
    const std::size_t start = kHeaderSize + labels.size();
    labels.push_back(15);
    labels.insert(labels.end(), 15, 'a');
    labels.push_back(static_cast<std::uint8_t>(0xc0 | (last >> 8)));
    labels.push_back(static_cast<std::uint8_t>(last));
    std::size_t at = start;
    const auto read = Name::read(after_header(labels), at);
    EXPECT_EQ(read.has_value(), i < 15) << i;
    if (!read) {
      EXPECT_EQ(read.error(), Error::NameTooLong);
    }
    last = start;
  }
}

TEST(NameRead, StopsAtAChainOfPointersToPointers) {
  Octets labels{0};
  for (std::size_t i = 0; i < 8000; ++i) {
    const std::size_t target = i == 0 ? 12 : kHeaderSize + 1 + 2 * (i - 1);
    labels.push_back(static_cast<std::uint8_t>(0xc0 | (target >> 8)));
    labels.push_back(static_cast<std::uint8_t>(target));
  }
  const Octets message = after_header(labels);
  std::size_t at = kHeaderSize + 1 + 2 * 126;
  EXPECT_TRUE(Name::read(message, at));
  at = kHeaderSize + 1 + 2 * 127;
  EXPECT_EQ(Name::read(message, at).error(), Error::BadPointer);
  at = message.size() - 2;
  EXPECT_EQ(Name::read(message, at).error(), Error::BadPointer);
}

TEST(NameRead, RefusesEveryPrefix) {
  const Octets whole = after_header({2, 'a', 'b', 0, 1, 'c', 0xc0, 12});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::size_t at = 16;
    EXPECT_EQ(Name::read(Bytes(whole).first(size), at).error(), Error::Truncated) << size;
  }
  std::size_t far = 1000;
  EXPECT_EQ(Name::read(whole, far).error(), Error::Truncated);
  std::size_t at = 12;
  EXPECT_EQ(Name::read(after_header({0x40, 0}), at).error(), Error::BadLabelType);
}

TEST(Name, WildcardStandsInFrontOfItsParent) {
  EXPECT_EQ(Name::wildcard_of(name("example."))->to_text(), "*.example.");
  EXPECT_TRUE(Name::wildcard_of(NameView())->view().is_wildcard());
  std::string text;
  for (int i = 0; i < 126; ++i) text += "a.";
  EXPECT_EQ(Name::wildcard_of(name(text))->view().size(), 255U);
  EXPECT_EQ(Name::wildcard_of(name(text + "a.")).error(), Error::NameTooLong);
}

TEST(NameHash, FindsByViewWhateverTheCase) {
  std::unordered_map<Name, int, NameHash, NameEqual> table;
  table[name("www.example.")] = 7;
  const Name other = name("WWW.EXAMPLE.");
  const auto found = table.find(other.view());
  ASSERT_NE(found, table.end());
  EXPECT_EQ(found->second, 7);
}

}  // namespace
}  // namespace dnswire
