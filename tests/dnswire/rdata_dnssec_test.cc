// The types of DNSSEC and those that keep zones and keys in step, between text and octets.
#include <gtest/gtest.h>

#include "presented.h"

namespace dnswire {
namespace {

using testing::error_of;
using testing::hex_of;
using testing::octets;
using testing::rewritten;
using testing::wire_error;

const std::string kSha1 = "2BB183AF5F22588179A53B0A98631FAD1A292118";

std::string ds(unsigned digest_type, std::size_t size) {
  return "60485 5 " + std::to_string(digest_type) + " " + std::string(2 * size, 'A');
}

TEST(RdataDnssec, ReadsDigestsAndKeysOverSeveralWords) {
  EXPECT_EQ(hex_of(RrType::DS, "60485 5 1 " + kSha1), "EC450501" + kSha1);  // RFC 4034 5.4
  EXPECT_EQ(rewritten(RrType::DS, "60485 RSASHA1 1 2bb183af5f 22588179A53 B0A98631FAD1A292118"),
            "60485 5 1 " + kSha1);
  EXPECT_EQ(rewritten(RrType::DNSKEY, "256 3 ecdsap256sha256 MD Ez\tND U2 Nz\r\ng5 YWJj ZA=="),
            "256 3 13 MDEzNDU2Nzg5YWJjZA==");
  EXPECT_EQ(hex_of(RrType::DNSKEY, "257 3 ED25519 AAEC"), "0101030F000102");
}

TEST(RdataDnssec, HoldsDigestsToTheSizeOfTheirType) {
  for (const RrType type : {RrType::DS, RrType::CDS}) {
    for (const auto& [digest_type, size] : {std::pair{1U, 20U}, {2U, 32U}, {3U, 32U}, {4U, 48U}}) {
      EXPECT_EQ(rewritten(type, ds(digest_type, size)), ds(digest_type, size));
      EXPECT_EQ(error_of(type, ds(digest_type, size - 1)), Error::BadDigestSize);
      EXPECT_EQ(error_of(type, ds(digest_type, size + 1)), Error::BadDigestSize);
    }
    EXPECT_EQ(rewritten(type, ds(77, 1)), ds(77, 1));
    EXPECT_EQ(error_of(type, "1 1 77"), Error::Truncated);
  }
  EXPECT_EQ(wire_error(RrType::DS, "0001 08 02" + kSha1), Error::BadDigestSize);
  EXPECT_EQ(rdata_to_text(RrType::DS, octets("0001080200")), "\\# 5 0001080200");
}

TEST(RdataDnssec, RefusesHexadecimalDigitsAndBase64ThatAreMalformed) {
  EXPECT_EQ(error_of(RrType::DS, "1 8 77 ABC"), Error::BadEncoding);
  EXPECT_EQ(error_of(RrType::DS, "1 8 77 0xAB"), Error::BadEncoding);
  EXPECT_EQ(error_of(RrType::DS, "1 8 77 \"AB\""), Error::BadText);
  EXPECT_EQ(error_of(RrType::DNSKEY, "256 3 8"), Error::Truncated);
  EXPECT_EQ(error_of(RrType::DNSKEY, "256 3 8 AAA"), Error::BadEncoding);
  EXPECT_EQ(error_of(RrType::DNSKEY, "256 3 8 AA== AA=="), Error::BadEncoding);
  EXPECT_EQ(error_of(RrType::DNSKEY, "256 3 8 ="), Error::BadEncoding);
  EXPECT_EQ(error_of(RrType::DNSKEY, "256 3 8 ===="), Error::BadEncoding);
}

TEST(RdataDnssec, KnowsAlgorithmsByName) {
  EXPECT_EQ(rewritten(RrType::DNSKEY, "256 3 RSASHA1-NSEC3-SHA1 AAEC"), "256 3 7 AAEC");
  EXPECT_EQ(rewritten(RrType::DNSKEY, "256 3 PRIVATEOID AAEC"), "256 3 254 AAEC");
  EXPECT_EQ(error_of(RrType::DNSKEY, "256 3 RSA AAEC"), Error::BadMnemonic);
  EXPECT_EQ(error_of(RrType::DNSKEY, "256 3 8x AAEC"), Error::BadMnemonic);
  EXPECT_EQ(error_of(RrType::DNSKEY, "256 3 256 AAEC"), Error::NumberTooLarge);
}

// RFC 8078 4.
TEST(RdataDnssec, ReadsTheFormsThatAskForDeletion) {
  EXPECT_EQ(hex_of(RrType::CDS, "0 0 0 00"), "0000000000");
  EXPECT_EQ(rewritten(RrType::CDS, "0 DELETE 0 00"), "0 0 0 00");
  EXPECT_EQ(hex_of(RrType::CDNSKEY, "0 3 0 AA=="), "0000030000");
  EXPECT_EQ(rewritten(RrType::CDNSKEY, "0 3 DELETE AA=="), "0 3 0 AA==");
  EXPECT_EQ(error_of(RrType::CDS, "0 0 0 0"), Error::BadEncoding);
  EXPECT_EQ(error_of(RrType::CDNSKEY, "0 3 0 0"), Error::BadEncoding);
}

TEST(RdataDnssec, ReadsSignaturesWithDatesAndSeconds) {
  const std::string name = "076578616D706C6503636F6D00";
  // RFC 4034 3.3, its signature cut short.
  EXPECT_EQ(hex_of(RrType::RRSIG,
                   "A 5 3 86400 20030322173103 20030220173103 2642 example.com. oJB1 W6WN"),
            "00010503000151803E7C9DD73E5510D70A52" + name + "A090755BA58D");
  EXPECT_EQ(rewritten(RrType::RRSIG, "TYPE65280 ED448 0 0 4294967295 0 0 . AA=="),
            "TYPE65280 16 0 0 21060207062815 19700101000000 0 . AA==");
  EXPECT_EQ(error_of(RrType::RRSIG, "FOO 5 3 1 1 1 1 . AA=="), Error::UnknownType);
}

std::string inception(std::string_view text) {
  return rewritten(RrType::RRSIG, "A 5 3 1 1 " + std::string(text) + " 1 . AA==");
}

TEST(RdataDnssec, RefusesTimesThatNoCalendarHas) {
  EXPECT_EQ(inception("20240229235959"), "A 5 3 1 19700101000001 20240229235959 1 . AA==");
  EXPECT_EQ(inception("2000000000"), "A 5 3 1 19700101000001 20330518033320 1 . AA==");
  for (const char* text :
       {"20230229000000", "20241301000000", "20240001000000", "20240100000000", "20240132000000",
        "20240101240000", "20240101006000", "20240101000060", "19691231235959", "21060207062816",
        "00000101000000", "99991231235959", "4294967296", "202401010000", "2024010100000z", "-1",
        "1h", "+1", "020240101000000"}) {
    EXPECT_EQ(inception(text), describe(Error::BadTime)) << text;
  }
}

TEST(RdataDnssec, ReadsTypeBitmapsInAnyOrderAndWritesThemSorted) {
  // RFC 4034 4.3
  EXPECT_EQ(hex_of(RrType::NSEC, "host.example.com. A MX RRSIG NSEC TYPE1234"),
            "04686F7374076578616D706C6503636F6D000006400100000003"
            "041B000000000000000000000000000000000000000000000000000020");
  EXPECT_EQ(rewritten(RrType::NSEC, "a. TYPE65535 nsec A type1 CAA WKS"),
            "a. A WKS NSEC CAA TYPE65535");
  EXPECT_EQ(rewritten(RrType::NSEC, "a."), "a.");
  EXPECT_EQ(error_of(RrType::NSEC, "a. A FOO"), Error::UnknownType);
  EXPECT_EQ(error_of(RrType::NSEC, "a. TYPE65536"), Error::NumberTooLarge);
  EXPECT_EQ(error_of(RrType::NSEC, "a. \"A\""), Error::BadText);
  std::string all = "a.";
  for (int number = 65535; number >= 0; --number) all += " TYPE" + std::to_string(number);
  EXPECT_EQ(hex_of(RrType::NSEC, all).size(), 2 * (3 + 256 * 34U));
}

TEST(RdataDnssec, RefusesBitmapsOutOfOrderAndWithZerosAtTheEnd) {
  EXPECT_TRUE(check_rdata(RrType::NSEC, octets("00 0001 40 0101 40")));
  EXPECT_TRUE(check_rdata(RrType::NSEC, octets("00 00200000000000000000000000000000000000000000"
                                               "000000000000000000000001")));
  for (const char* digits : {"00 0101 40 0001 40", "00 0001 40 0001 40", "00 0000", "00 0002 4000",
                             "00 0021 000000000000000000000000000000000000000000000000000000000000"
                             "000001"}) {
    EXPECT_EQ(wire_error(RrType::NSEC, digits), Error::BadRdata) << digits;
  }
  for (const char* digits : {"00 00", "00 0001", "00 0002 40", "00 0001 40 ff"}) {
    EXPECT_EQ(wire_error(RrType::NSEC, digits), Error::Truncated) << digits;
  }
}

TEST(RdataDnssec, ReadsHashedNamesAndSalts) {
  const std::string hash = "2t7b4g4vsa5smi47k61mv5bv1a22bojr";
  // RFC 5155 3.3, appendix A
  EXPECT_EQ(hex_of(RrType::NSEC3, "1 1 12 aabbccdd 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG"),
            "0101000C04AABBCCDD14174EB2409FE28BCB4887A1836F957F0A8425E27B"
            "000640000000000"
            "2");
  EXPECT_EQ(rewritten(RrType::NSEC3, "1 0 0 - " + hash), "1 0 0 - " + hash);
  EXPECT_EQ(rewritten(RrType::NSEC3PARAM, "1 0 0 -"), "1 0 0 -");
  EXPECT_EQ(rewritten(RrType::NSEC3PARAM, "1 0 65535 ab"), "1 0 65535 AB");
  EXPECT_EQ(error_of(RrType::NSEC3PARAM, "1 0 0 a"), Error::BadEncoding);
  EXPECT_EQ(error_of(RrType::NSEC3PARAM, "1 0 0 --"), Error::BadEncoding);
  EXPECT_EQ(error_of(RrType::NSEC3PARAM, "1 0 0 ab cd"), Error::TrailingData);
  EXPECT_EQ(hex_of(RrType::NSEC3PARAM, "1 0 0 " + std::string(510, '0')).size(), 2 * 260U);
  EXPECT_EQ(error_of(RrType::NSEC3PARAM, "1 0 0 " + std::string(512, '0')), Error::StringTooLong);
  EXPECT_EQ(error_of(RrType::NSEC3, "1 0 0 - " + hash + "==== A"), Error::BadEncoding);
  EXPECT_EQ(error_of(RrType::NSEC3, "1 0 0 - " + std::string(1 << 20, '0')), Error::StringTooLong);
  EXPECT_EQ(error_of(RrType::NSEC3, "1 0 0 - " + std::string(416, '0')), Error::StringTooLong);
  EXPECT_EQ(wire_error(RrType::NSEC3, "01 00 0000 00 00"), Error::BadRdata);
  EXPECT_EQ(wire_error(RrType::NSEC3, "01 00 0000 00 02 ff"), Error::Truncated);
}

TEST(RdataDnssec, ReadsCsyncAndZonemd) {
  EXPECT_EQ(hex_of(RrType::CSYNC, "66 3 A NS AAAA"), "000000420003000460000008");  // RFC 7477 2.2
  EXPECT_EQ(rewritten(RrType::CSYNC, "66 3"), "66 3");
  const auto zonemd = [](unsigned hash, std::size_t size) {
    return "2018031900 1 " + std::to_string(hash) + " " + std::string(2 * size, 'C');
  };
  for (const auto& [hash, size] : {std::pair{1U, 48U}, {2U, 64U}, {240U, 12U}}) {
    EXPECT_EQ(rewritten(RrType::ZONEMD, zonemd(hash, size)), zonemd(hash, size));
    EXPECT_EQ(error_of(RrType::ZONEMD, zonemd(hash, size - 1)), Error::BadDigestSize);
  }
  EXPECT_EQ(error_of(RrType::ZONEMD, zonemd(1, 49)), Error::BadDigestSize);
}

}  // namespace
}  // namespace dnswire
