#include <gtest/gtest.h>

#include "dnswire/name.h"
#include "dnswire/rdata.h"
#include "oracle.h"
#include "random.h"
#include "random_rdata.h"

namespace dnswire {
namespace {

using testing::kKnownTypes;
using testing::Octets;

constexpr auto kUnknown = static_cast<RrType>(65280);

Octets read(RrType type, std::string_view text, std::string_view origin = "example.org.") {
  return rdata_from_text(type, text, Name::from_text(origin).value()).value();
}
Error error_of(RrType type, std::string_view text) {
  const auto rdata = rdata_from_text(type, text, NameView());
  EXPECT_FALSE(rdata) << text;
  return rdata ? Error::UnknownClass : rdata.error();
}
// Text and back, with names made absolute.
std::string rewritten(RrType type, std::string_view text) {
  return rdata_to_text(type, read(type, text));
}
std::string refresh(std::string_view period) {
  const std::string text = "a. b. 1 " + std::string(period) + " 0 0 0";
  const auto rdata = rdata_from_text(RrType::SOA, text, NameView());
  if (!rdata) return std::string(describe(rdata.error()));
  return std::to_string(load32(&(*rdata)[10]));
}

TEST(RdataFromText, ReadsEveryType) {
  EXPECT_EQ(read(RrType::A, "192.0.2.1"), (Octets{192, 0, 2, 1}));
  EXPECT_EQ(rewritten(RrType::AAAA, " 2001:DB8::1\t"), "2001:db8::1");
  EXPECT_EQ(rewritten(RrType::NS, "ns1"), "ns1.example.org.");
  EXPECT_EQ(rewritten(RrType::CNAME, "@"), "example.org.");
  EXPECT_EQ(rewritten(RrType::PTR, "host.example."), "host.example.");
  EXPECT_EQ(rewritten(RrType::MX, "010 mail"), "10 mail.example.org.");
  EXPECT_EQ(rewritten(RrType::MX, "0 ."), "0 .");
  EXPECT_EQ(rewritten(RrType::SRV, "1 2 443 www"), "1 2 443 www.example.org.");
  EXPECT_EQ(rewritten(RrType::TXT, "a \"b c\"  d\\ e"), "\"a\" \"b c\" \"d e\"");
  EXPECT_EQ(rewritten(RrType::CAA, "0 issue ca.example"), "0 issue \"ca.example\"");
  EXPECT_EQ(rewritten(RrType::CAA, "128 issue \";\""), "128 issue \";\"");
  EXPECT_EQ(rewritten(RrType::SOA, "ns1 hostmaster 2024010100 1h 15m 1w 30s"),
            "ns1.example.org. hostmaster.example.org. 2024010100 3600 900 604800 30");
}

TEST(RdataFromText, ReadsWhatLdnsWrites) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (const RrType type : kKnownTypes) {
    for (int i = 0; i < 150; ++i) {
      // Names of ldns come with raw quotes, which end a word for us: plain ones only.
      const bool plain = type != RrType::TXT && type != RrType::CAA && type != RrType::HINFO;
      const Octets rdata = testing::random_rdata(type, random, plain);
      const auto text = testing::oracle_rdata_to_text(type, rdata);
      ASSERT_TRUE(text) << to_text(type);
      EXPECT_EQ(rdata_from_text(type, *text, NameView()), rdata) << to_text(type) << " " << *text;
    }
  }
}

TEST(RdataFromText, RefusesMissingAndSurplusFields) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (const RrType type : kKnownTypes) {
    const Field last = rdata_fields(type).back();
    if (type != RrType::APL) {  // RFC 3123 5: the list may be empty
      EXPECT_EQ(error_of(type, ""), Error::Truncated);
      EXPECT_EQ(error_of(type, " \t "), Error::Truncated);
    }
    const std::string text = rdata_to_text(type, testing::random_rdata(type, random, true));
    if (!testing::takes_the_rest(last) || last == Field::Text || last == Field::Uri) {
      EXPECT_EQ(error_of(type, text + " x"), Error::TrailingData) << text;
    } else if (last != Field::Strings) {
      error_of(type, text + " x");
    }
  }
  EXPECT_EQ(error_of(RrType::MX, "10"), Error::Truncated);
  EXPECT_EQ(error_of(RrType::SOA, "a. b. 1 2 3 4"), Error::Truncated);
  EXPECT_EQ(error_of(RrType::CAA, "0 issue"), Error::Truncated);
}

TEST(RdataFromText, ChecksTheRangeOfNumbers) {
  EXPECT_EQ(rewritten(RrType::SRV, "65535 0 65535 ."), "65535 0 65535 .");
  EXPECT_EQ(error_of(RrType::SRV, "65536 0 0 ."), Error::NumberTooLarge);
  EXPECT_EQ(error_of(RrType::CAA, "256 issue x"), Error::NumberTooLarge);
  EXPECT_EQ(error_of(RrType::SOA, "a. b. 4294967296 0 0 0 0"), Error::NumberTooLarge);
  EXPECT_EQ(rewritten(RrType::SOA, "a. b. 4294967295 0 0 0 0"), "a. b. 4294967295 0 0 0 0");
  for (const char* text : {"-1 a.", "+1 a.", "1x a.", "0x1 a.", "1h a.", "1.0 a."}) {
    EXPECT_EQ(error_of(RrType::MX, text), Error::BadNumber) << text;
  }
  EXPECT_EQ(error_of(RrType::SOA, "a. b. 1h 0 0 0 0"), Error::BadNumber);  // SERIAL is no period
}

TEST(RdataFromText, ReadsPeriodsWithUnits) {
  EXPECT_EQ(refresh("3600"), "3600");
  EXPECT_EQ(refresh("1h30m"), "5400");
  EXPECT_EQ(refresh("1W2D3H4M5S"), "788645");
  EXPECT_EQ(refresh("0s"), "0");
  EXPECT_EQ(refresh("4294967295"), "4294967295");
  EXPECT_EQ(refresh("4294967295s"), "4294967295");
  for (const char* text : {"h", "1h30", "1m1h", "1h1h", "1x", "1hh", "-1h", "1.5h", "h1"}) {
    EXPECT_EQ(refresh(text), describe(Error::BadNumber)) << text;
  }
  for (const char* text : {"4294967296", "4294967296s", "4294967295w", "7102w", "99999999999h"}) {
    EXPECT_EQ(refresh(text), describe(Error::NumberTooLarge)) << text;
  }
}

TEST(RdataFromText, RefusesAddressesOfTheOtherFamily) {
  EXPECT_EQ(error_of(RrType::A, "::1"), Error::BadAddress);
  EXPECT_EQ(error_of(RrType::AAAA, "192.0.2.1"), Error::BadAddress);
  EXPECT_EQ(error_of(RrType::A, "10.1.0.529999999999999999999999999999999"), Error::BadAddress);
  EXPECT_EQ(error_of(RrType::A, std::string(1 << 20, '1')), Error::BadAddress);
}

TEST(RdataFromText, PassesOnWhatIsWrongWithANameOrAnEscape) {
  EXPECT_EQ(error_of(RrType::NS, "a..b"), Error::EmptyLabel);
  EXPECT_EQ(error_of(RrType::NS, std::string(64, 'a')), Error::LabelTooLong);
  EXPECT_EQ(error_of(RrType::NS, "a\\"), Error::BadEscape);
  EXPECT_EQ(error_of(RrType::TXT, "a\\"), Error::BadEscape);
  EXPECT_EQ(error_of(RrType::TXT, "\"\\256\""), Error::BadEscape);
  EXPECT_EQ(error_of(RrType::TXT, "\"\\25\""), Error::BadEscape);
}

TEST(RdataFromText, RefusesQuotesWithoutEndAndStrayDelimiters) {
  for (const char* text :
       {"\"", "\"abc", "\"abc\\\"", "a\"b\"", "\"a\"b", "\"a\"\"b\"", "a;b", "(a", "a )", "; a"}) {
    EXPECT_EQ(error_of(RrType::TXT, text), Error::BadText) << text;
  }
  EXPECT_EQ(error_of(RrType::NS, "\"a.\""), Error::BadText);
  EXPECT_EQ(error_of(RrType::A, "\"192.0.2.1\""), Error::BadText);
}

TEST(RdataFromText, Takes255OctetsInAStringAndRefuses256) {
  EXPECT_EQ(read(RrType::TXT, std::string(255, 'a')).size(), 256U);
  EXPECT_EQ(error_of(RrType::TXT, std::string(256, 'a')), Error::StringTooLong);
  EXPECT_EQ(error_of(RrType::TXT, "\"" + std::string(1 << 20, 'a') + "\""), Error::StringTooLong);
  std::string escaped;
  for (int i = 0; i < 255; ++i) escaped += "\\000";
  EXPECT_EQ(read(RrType::TXT, escaped).size(), 256U);
}

TEST(RdataFromText, Takes65535OctetsAndRefusesMore) {
  std::string text;
  for (int i = 0; i < 255; ++i) text += std::string(255, 'a') + " ";
  EXPECT_EQ(read(RrType::TXT, text).size(), 65280U);
  EXPECT_EQ(read(RrType::TXT, text + std::string(254, 'b')).size(), 65535U);
  EXPECT_EQ(error_of(RrType::TXT, text + std::string(255, 'b')), Error::RdataTooLong);
  EXPECT_EQ(read(RrType::CAA, "0 a " + std::string(65532, 'v')).size(), 65535U);
  EXPECT_EQ(error_of(RrType::CAA, "0 a " + std::string(65533, 'v')), Error::RdataTooLong);
  EXPECT_EQ(error_of(RrType::CAA, "0 a " + std::string(1 << 20, 'v')), Error::RdataTooLong);
}

TEST(RdataFromText, ReadsTheGenericFormForEveryType) {
  EXPECT_EQ(read(kUnknown, "\\# 3 abCD01"), (Octets{0xab, 0xcd, 0x01}));
  EXPECT_EQ(read(kUnknown, "\\#  4  ab c D01 02"), (Octets{0xab, 0xcd, 0x01, 0x02}));
  EXPECT_EQ(read(kUnknown, "\\# 0"), Octets{});
  EXPECT_EQ(read(RrType::A, "\\# 4 c0000201"), (Octets{192, 0, 2, 1}));
  EXPECT_EQ(rewritten(RrType::MX, "\\# 5 000a 016100"), "10 a.");
  EXPECT_EQ(rewritten(RrType::TXT, "\"\\#\" x"), "\"#\" \"x\"");  // quoted: a string
}

TEST(RdataFromText, RefusesTheGenericFormWhereItDoesNotAddUp) {
  EXPECT_EQ(error_of(kUnknown, "\\#"), Error::Truncated);
  EXPECT_EQ(error_of(kUnknown, "\\# 2 ab"), Error::Truncated);
  EXPECT_EQ(error_of(kUnknown, "\\# 1 a"), Error::Truncated);
  EXPECT_EQ(error_of(kUnknown, "\\# 1 abc"), Error::TrailingData);
  EXPECT_EQ(error_of(kUnknown, "\\# 0 00"), Error::TrailingData);
  EXPECT_EQ(error_of(kUnknown, "\\# 1 xx"), Error::BadText);
  EXPECT_EQ(error_of(kUnknown, "\\# 1 \"00\""), Error::BadText);
  EXPECT_EQ(error_of(kUnknown, "\\# x 00"), Error::BadNumber);
  EXPECT_EQ(error_of(kUnknown, "\\# 65536 00"), Error::NumberTooLarge);
  EXPECT_EQ(error_of(RrType::A, "\\# 3 c00002"), Error::Truncated);
  EXPECT_EQ(error_of(RrType::A, "\\# 5 c000020100"), Error::TrailingData);
  EXPECT_EQ(error_of(RrType::NS, "\\# 2 c00c"), Error::BadPointer);
}

TEST(RdataFromText, RefusesOtherTextForUnknownTypes) {
  EXPECT_EQ(error_of(kUnknown, "192.0.2.1"), Error::BadText);
  EXPECT_EQ(error_of(kUnknown, ""), Error::Truncated);
}

TEST(RdataFromText, RefusesTagsThatAreNotLettersAndDigits) {
  EXPECT_EQ(error_of(RrType::CAA, "0 is-sue x"), Error::BadRdata);
  EXPECT_EQ(error_of(RrType::CAA, "0 \"issue\" x"), Error::BadText);
}

}  // namespace
}  // namespace dnswire
