#include "dnswire/rdata.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "oracle.h"
#include "random.h"
#include "random_rdata.h"

namespace dnswire {
namespace {

using testing::kKnownTypes;
using testing::Octets;
using testing::random_rdata;

constexpr auto kUnknown = static_cast<RrType>(65280);

bool has_field(RrType type, Field field) {
  const auto fields = rdata_fields(type);
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

// Types that came after ldns 1.8.
bool is_new_to_ldns(RrType type) { return type == RrType::RESINFO || type == RrType::WALLET; }

// ldns 1.8 has no mnemonics for some types.
std::string with_types_as_numbers(const std::string& text) {
  std::istringstream words(text);
  std::string result;
  for (std::string word; words >> word;) {
    const auto type = rr_type_from_text(word);
    result += type ? "TYPE" + std::to_string(static_cast<unsigned>(*type)) : word;
    result += ' ';
  }
  return result;
}

// What we and ldns spell differently: small letters, no quotes around values of parameters, one
// blank between words.
std::string respelled(RrType type, const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == ' ' && result.ends_with(' ')) continue;
    if (c == '"' && has_field(type, Field::SvcParams)) continue;
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  while (result.ends_with(' ')) result.pop_back();
  const bool has_types = has_field(type, Field::TypeBitmap) || has_field(type, Field::TypeCovered);
  return has_types ? with_types_as_numbers(result) : result;
}

TEST(Rdata, WritesEveryTypeAsLdnsDoesWhereNoEscapesAreNeeded) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (const RrType type : kKnownTypes) {
    // Lengths in LOC have two decimal places with us and none with ldns; addresses in APL are as
    // RFC 5952 has them.
    if (is_new_to_ldns(type) || type == RrType::LOC || type == RrType::APL) continue;
    for (int i = 0; i < 150; ++i) {
      const Octets rdata = random_rdata(type, random, true);
      const std::string text = rdata_to_text(type, rdata);
      const auto theirs = testing::oracle_rdata_to_text(type, rdata);
      ASSERT_TRUE(theirs) << to_text(type) << " " << text;
      EXPECT_EQ(respelled(type, *theirs), respelled(type, text)) << to_text(type);
    }
  }
}

// ldns takes a name that starts with the label "@" for the origin, escaped or not.
bool misread_by_ldns(const std::string& text) {
  return text.starts_with("\\@.") || text.find(" \\@.") != std::string::npos;
}

TEST(Rdata, WritesTextThatLdnsReads) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (const RrType type : kKnownTypes) {
    for (int i = 0; i < 150; ++i) {
      const bool plain = has_field(type, Field::TypeBitmap) || has_field(type, Field::SvcParams);
      const Octets rdata = random_rdata(type, random, plain);
      const std::string text = rdata_to_text(type, rdata);
      if (is_new_to_ldns(type) || misread_by_ldns(text)) continue;
      EXPECT_EQ(testing::oracle_rdata_from_text(type, text), rdata) << to_text(type) << " " << text;
    }
  }
}

TEST(Rdata, IsReadBackFromItsText) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (const RrType type : kKnownTypes) {
    for (int i = 0; i < 150; ++i) {
      const Octets rdata = random_rdata(type, random, false);
      EXPECT_TRUE(check_rdata(type, rdata));
      const std::string text = rdata_to_text(type, rdata);
      EXPECT_NE(text.substr(0, 2), "\\#");
      EXPECT_EQ(rdata_from_text(type, text, NameView()), rdata) << to_text(type) << " " << text;
    }
  }
}

TEST(Rdata, WritesUnknownTypesGenerically) {
  EXPECT_EQ(rdata_to_text(kUnknown, Octets{0xab, 0, 1}), "\\# 3 AB0001");
  EXPECT_EQ(rdata_to_text(kUnknown, {}), "\\# 0");
  EXPECT_EQ(rdata_to_text(RrType::A, Octets{1, 2, 3}), "\\# 3 010203");  // no address
  EXPECT_EQ(rdata_to_text(RrType::NS, Octets{0xc0, 12}), "\\# 2 C00C");
  EXPECT_EQ(rdata_to_text(RrType::TXT, {}), "\\# 0");
}

TEST(Rdata, EscapesStringsAndNames) {
  EXPECT_EQ(rdata_to_text(RrType::TXT, Octets{5, '"', '\\', ' ', ';', 0x80, 0}),
            "\"\\\"\\\\ ;\\128\" \"\"");
  EXPECT_EQ(rdata_to_text(RrType::NS, Octets{3, 'a', '.', '"', 0}), "a\\.\\\".");
  EXPECT_EQ(rdata_to_text(RrType::CAA, Octets{128, 1, 'x', '\n'}), "128 x \"\\010\"");
}

TEST(Rdata, KeepsAnEmptyTextAtTheEnd) {
  const Octets rdata{0, 1, 'x'};
  EXPECT_EQ(rdata_to_text(RrType::CAA, rdata), "0 x \"\"");
  EXPECT_EQ(rdata_from_text(RrType::CAA, "0 x \"\"", NameView()), rdata);
}

TEST(Rdata, EveryOctetOfAStringIsReadBack) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    const Octets rdata{2, 'x', static_cast<std::uint8_t>(octet)};
    const std::string text = rdata_to_text(RrType::TXT, rdata);
    EXPECT_EQ(rdata_from_text(RrType::TXT, text, NameView()), rdata) << text;
  }
}

TEST(Rdata, HasASyntaxForEveryType) {
  EXPECT_EQ(rdata_syntax(RrType::MX), "PREFERENCE EXCHANGE");
  EXPECT_EQ(rdata_syntax(kUnknown), "\\# LENGTH HEX");
  for (const RrType type : kKnownTypes) {
    EXPECT_FALSE(rdata_fields(type).empty());
    EXPECT_NE(rdata_syntax(type), rdata_syntax(kUnknown));
  }
  EXPECT_TRUE(rdata_fields(kUnknown).empty());
  EXPECT_EQ(rdata_fields(RrType::SOA).size(), 7U);
}

// So that no type goes untested.
TEST(Rdata, HasFieldsForTheTypesOfTheseTestsAndNoOthers) {
  for (unsigned number = 0; number <= 0xffff; ++number) {
    const auto type = static_cast<RrType>(number);
    const bool tested =
        std::find(kKnownTypes.begin(), kKnownTypes.end(), type) != kKnownTypes.end();
    EXPECT_EQ(!rdata_fields(type).empty(), tested) << to_text(type);
  }
}

TEST(Rdata, KnowsTheTypesWithCompressedNames) {
  for (unsigned number = 0; number <= 0xffff; ++number) {
    const auto type = static_cast<RrType>(number);
    const auto fields = rdata_fields(type);
    const bool compressed =
        std::find(fields.begin(), fields.end(), Field::CompressedName) != fields.end();
    ASSERT_EQ(has_compressed_names(type), compressed) << number;
  }
}

TEST(Rdata, CompressesNamesOfTheTypesOfRfc1035Alone) {
  for (const RrType type : kKnownTypes) {
    for (const Field field : rdata_fields(type)) {
      if (field == Field::CompressedName) {
        EXPECT_LE(static_cast<unsigned>(type), 16U);
      }
      if (field == Field::Name) {
        EXPECT_GT(static_cast<unsigned>(type), 16U);
      }
    }
  }
}

TEST(CheckRdata, RefusesEveryPrefixAndEverySurplus) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (const RrType type : kKnownTypes) {
    if (testing::takes_the_rest(rdata_fields(type).back())) continue;  // prefixes can be whole
    for (int i = 0; i < 50; ++i) {
      Octets rdata = random_rdata(type, random, false);
      for (std::size_t size = 0; size < rdata.size(); ++size) {
        const Octets part(rdata.begin(), rdata.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(check_rdata(type, part).error(), Error::Truncated) << to_text(type) << size;
      }
      rdata.push_back(0);
      EXPECT_EQ(check_rdata(type, rdata).error(), Error::TrailingData) << to_text(type);
    }
  }
}

TEST(CheckRdata, TakesOneStringAtLeastAndWholeOnes) {
  EXPECT_EQ(check_rdata(RrType::TXT, {}).error(), Error::Truncated);
  EXPECT_TRUE(check_rdata(RrType::TXT, Octets{0}));
  EXPECT_TRUE(check_rdata(RrType::TXT, Octets{1, 'a', 0, 1, 'b'}));
  EXPECT_EQ(check_rdata(RrType::TXT, (Octets{1, 'a', 2, 'b'})).error(), Error::Truncated);
  EXPECT_EQ(check_rdata(RrType::TXT, Octets{255}).error(), Error::Truncated);
}

TEST(CheckRdata, TakesLettersAndDigitsAsTags) {
  EXPECT_TRUE(check_rdata(RrType::CAA, Octets{0, 2, 'a', '9'}));
  EXPECT_EQ(check_rdata(RrType::CAA, Octets{0, 0}).error(), Error::BadRdata);
  EXPECT_EQ(check_rdata(RrType::CAA, (Octets{0, 1, '-', 'x'})).error(), Error::BadRdata);
  EXPECT_EQ(check_rdata(RrType::CAA, (Octets{0, 3, 'a', 'b'})).error(), Error::Truncated);
  EXPECT_EQ(check_rdata(RrType::CAA, Octets{0}).error(), Error::Truncated);
}

TEST(CheckRdata, RefusesPointersInNames) {
  EXPECT_EQ(check_rdata(RrType::NS, (Octets{1, 'a', 0xc0, 12})).error(), Error::BadPointer);
  EXPECT_EQ(check_rdata(RrType::MX, (Octets{0, 1, 0x80})).error(), Error::BadLabelType);
}

TEST(CheckRdata, RefusesOver65535Octets) {
  EXPECT_TRUE(check_rdata(kUnknown, Octets(65535)));
  EXPECT_EQ(check_rdata(kUnknown, Octets(65536)).error(), Error::RdataTooLong);
  EXPECT_EQ(rdata_to_text(RrType::TXT, Octets(65536)).substr(0, 9), "\\# 65536 ");
}

TEST(CheckRdata, NoOctetsMakeTheWritersStumble) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 20000; ++i) {
    const RrType type = kKnownTypes[random.between(0, kKnownTypes.size() - 1)];
    Octets rdata = random.octets(random.between(0, 40));
    for (auto& octet : rdata) octet = random.chance(2) ? octet & 7 : octet;
    const std::string text = rdata_to_text(type, rdata);
    const bool good = check_rdata(type, rdata).has_value();
    EXPECT_EQ(text.substr(0, 3) != "\\# ", good) << text;
    EXPECT_EQ(rdata_from_text(type, text, NameView()).has_value(), good) << text;
  }
}

}  // namespace
}  // namespace dnswire
