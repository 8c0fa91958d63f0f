// Types of one kind or another, between text and octets.
#include <gtest/gtest.h>

#include <set>

#include "presented.h"
#include "random_rdata.h"

namespace dnswire {
namespace {

using testing::error_of;
using testing::hex_of;
using testing::kKnownTypes;
using testing::octets;
using testing::rewritten;
using testing::wire_error;

TEST(RdataRecords, KeepsTheQuotingOfNaptr) {
  const std::string text = R"(100 50 "s" "http+N2L" "!^urn:cid:.+@([^\\.]+\\.)(.*)$!\\2!i" .)";
  EXPECT_EQ(rewritten(RrType::NAPTR, text), text);  // RFC 2915 7.1
  EXPECT_EQ(rewritten(RrType::NAPTR, "100 50 s http+N2L \"\" www.example."),
            R"(100 50 "s" "http+N2L" "" www.example.)");
  EXPECT_EQ(hex_of(RrType::NAPTR, R"(1 2 "" "\"" "\;" .)"),
            "00010002"
            "00"
            "0122"
            "013B"
            "00");
  EXPECT_EQ(error_of(RrType::NAPTR, "1 2 \"\" \"\" ."), Error::Truncated);
  EXPECT_EQ(error_of(RrType::NAPTR, "1 2 s \"\" " + std::string(256, 'x') + " ."),
            Error::StringTooLong);
  EXPECT_EQ(error_of(RrType::NAPTR, "1 2 s s s \".\""), Error::BadText);
}

TEST(RdataRecords, TakesTwoStringsInHinfo) {
  EXPECT_EQ(rewritten(RrType::HINFO, "PC-Intel-700mhz \"Redhat Linux 7.1\""),
            "\"PC-Intel-700mhz\" \"Redhat Linux 7.1\"");
  EXPECT_EQ(rewritten(RrType::HINFO, "RFC8482 \"\""), "\"RFC8482\" \"\"");
  EXPECT_EQ(error_of(RrType::HINFO, "RFC8482"), Error::Truncated);
  EXPECT_EQ(error_of(RrType::HINFO, "a b c"), Error::TrailingData);
  EXPECT_EQ(wire_error(RrType::HINFO, "0161"), Error::Truncated);
}

TEST(RdataRecords, HoldsFingerprintsToTheSizeOfTheirType) {
  const std::string sha1 = "1 1 123456789ABCDEF67890123456789ABCDEF67890";  // RFC 4255 3.2
  EXPECT_EQ(rewritten(RrType::SSHFP, sha1), sha1);
  EXPECT_EQ(error_of(RrType::SSHFP, sha1 + "00"), Error::BadDigestSize);
  EXPECT_EQ(error_of(RrType::SSHFP, "4 2 " + std::string(40, '0')), Error::BadDigestSize);
  EXPECT_EQ(rewritten(RrType::SSHFP, "4 2 " + std::string(64, '0')), "4 2 " + std::string(64, '0'));
  EXPECT_EQ(rewritten(RrType::SSHFP, "9 9 ab"), "9 9 AB");
  EXPECT_EQ(error_of(RrType::SSHFP, "1 1"), Error::Truncated);
  EXPECT_EQ(wire_error(RrType::SSHFP, "0101"), Error::Truncated);
}

TEST(RdataRecords, WantsCertificateDataInTlsaAndSmimea) {
  for (const RrType type : {RrType::TLSA, RrType::SMIMEA}) {
    EXPECT_EQ(rewritten(type, "3 1 1 92003ba3 4942 dc74"), "3 1 1 92003BA34942DC74");
    EXPECT_EQ(error_of(type, "3 1 1"), Error::Truncated);
    EXPECT_EQ(error_of(type, "3 1 1 abc"), Error::BadEncoding);
    EXPECT_EQ(error_of(type, "3 1 256 ab"), Error::NumberTooLarge);
    EXPECT_EQ(wire_error(type, "030101"), Error::Truncated);
  }
}

TEST(RdataRecords, WantsATargetInUri) {
  EXPECT_EQ(hex_of(RrType::URI, "10 1 \"ftp://a/\""),
            "000A0001"
            "6674703A2F2F612F");
  EXPECT_EQ(rewritten(RrType::URI, "10 1 mailto:a"), "10 1 \"mailto:a\"");
  EXPECT_EQ(error_of(RrType::URI, "10 1 \"\""), Error::Truncated);
  EXPECT_EQ(error_of(RrType::URI, "10 1 " + std::string(65532, 'x')), Error::RdataTooLong);
  EXPECT_EQ(hex_of(RrType::URI, "10 1 " + std::string(65531, 'x')).size(), 2 * 65535U);
}

TEST(RdataRecords, KnowsCertificateTypesByName) {
  EXPECT_EQ(hex_of(RrType::CERT, "PKIX 0 0 AA=="),
            "00010000"
            "0000");
  EXPECT_EQ(rewritten(RrType::CERT, "oid 65535 RSASHA256 AA=="), "254 65535 8 AA==");
  EXPECT_EQ(error_of(RrType::CERT, "X509 0 0 AA=="), Error::BadMnemonic);
  EXPECT_EQ(error_of(RrType::CERT, "65536 0 0 AA=="), Error::NumberTooLarge);
}

TEST(RdataRecords, ReadsAddressPrefixes) {
  // RFC 3123 7
  EXPECT_EQ(hex_of(RrType::APL, "1:192.168.32.0/21 !1:192.168.38.0/28 2:FF00:0:0:0:0:0:0:0/8"),
            "00011503C0A820"
            "00011C83C0A826"
            "00020801FF");
  EXPECT_EQ(rewritten(RrType::APL, "1:224.0.0.0/4  2:FF00::/8 !1:0.0.0.0/0"),
            "1:224.0.0.0/4 2:ff00::/8 !1:0.0.0.0/0");
  EXPECT_EQ(rewritten(RrType::APL, ""), "");  // RFC 3123 5: none at all
  for (const char* text :
       {"1:192.0.2.0", "3:192.0.2.0/24", "192.0.2.0/24", "2:192.0.2.0/24", "1:::/0",
        "!!1:192.0.2.0/24", "1:192.0.2/24", "!", "1:/0", "/", "1:192.0.2.0 /24"}) {
    EXPECT_EQ(error_of(RrType::APL, text), Error::BadAddress) << text;
  }
  EXPECT_EQ(error_of(RrType::APL, "1:192.0.2.0/33"), Error::NumberTooLarge);
  EXPECT_EQ(error_of(RrType::APL, "2:::/129"), Error::NumberTooLarge);
  EXPECT_EQ(error_of(RrType::APL, "1:192.0.2.0/"), Error::BadNumber);
  EXPECT_EQ(error_of(RrType::APL, "\"1:192.0.2.0/24\""), Error::BadText);
  std::string many;
  for (int i = 0; i < 10000; ++i) many += "1:192.0.2.1/32 ";
  EXPECT_EQ(error_of(RrType::APL, many), Error::RdataTooLong);
}

TEST(RdataRecords, RefusesAddressPrefixesThatDoNotFit) {
  for (const char* digits : {"0001 20 05 0102030405", "0001 21 00", "0002 81 00", "0003 00 00",
                             "0001 10 02 0a00", "0002 10 11 0000000000000000000000000000000001"}) {
    EXPECT_EQ(wire_error(RrType::APL, digits), Error::BadRdata) << digits;
  }
  for (const char* digits : {"00", "0001 20", "0001 20 02 0a", "0001 20 84 0a0000"}) {
    EXPECT_EQ(wire_error(RrType::APL, digits), Error::Truncated) << digits;
  }
}

TEST(RdataRecords, ReadsHardwareAddressesAndLocators) {
  EXPECT_EQ(hex_of(RrType::EUI48, "00-00-5e-00-53-2a"), "00005E00532A");  // RFC 7043 3.2
  EXPECT_EQ(rewritten(RrType::EUI64, "00-00-5e-ef-10-00-00-2a"), "00-00-5E-EF-10-00-00-2A");
  EXPECT_EQ(rewritten(RrType::NID, "10 0014:4fff:ff20:ee64"), "10 0014:4FFF:FF20:EE64");
  EXPECT_EQ(hex_of(RrType::L64, "10 2001:0DB8:1140:1000"), "000A20010DB811401000");
  EXPECT_EQ(hex_of(RrType::L32, "10 10.1.02.0"), describe(Error::BadAddress));
  for (const char* text :
       {"00-00-5e-00-53", "00-00-5e-00-53-2a-00", "00:00:5e:00:53:2a", "0-00-5e-00-53-2a0",
        "00-00-5e-00-53-2g", "00005e00532a", "00-00-5e-00-53-2a2"}) {
    EXPECT_EQ(error_of(RrType::EUI48, text), Error::BadEncoding) << text;
  }
  for (const char* text :
       {"1 14:4fff:ff20:ee64", "1 0014:4fff:ff20", "1 0014-4fff-ff20-ee64", "1 ::1"}) {
    EXPECT_EQ(error_of(RrType::NID, text), Error::BadEncoding) << text;
  }
}

TEST(RdataRecords, TakesOctetsInBase64AsTheyAre) {
  EXPECT_EQ(hex_of(RrType::OPENPGPKEY, "AQ ID"), "010203");
  EXPECT_EQ(
      hex_of(RrType::DHCID, "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA="),  // RFC 4701 3.6.1
      "000201636FC0B8271C82825BB1AC5C41CF5351AA69B4FEBD94E8F17CDB95000DA48C40");
  const std::string largest(4 * 65535 / 3, 'A');
  EXPECT_EQ(hex_of(RrType::OPENPGPKEY, largest).size(), 2 * 65535U);
  EXPECT_EQ(error_of(RrType::OPENPGPKEY, largest + "AAAA"), Error::RdataTooLong);
  EXPECT_EQ(error_of(RrType::TLSA, "1 1 1 " + std::string(2 * 65533, '0')), Error::RdataTooLong);
  EXPECT_EQ(hex_of(RrType::TLSA, "1 1 1 " + std::string(2 * 65532, '0')).size(), 2 * 65535U);
}

TEST(RdataRecords, ReadsNamesRelativeToTheOriginInEveryTypeThatHasThem) {
  const auto origin = Name::from_text("example.org.");
  for (const auto& [type, text, expected] :
       {std::tuple{RrType::RP, "@ txt", "example.org. txt.example.org."},
        {RrType::AFSDB, "1 afs", "1 afs.example.org."},
        {RrType::KX, "1 kx", "1 kx.example.org."},
        {RrType::PX, "1 a b.", "1 a.example.org. b."},
        {RrType::LP, "1 l64", "1 l64.example.org."},
        {RrType::NAPTR, "1 1 s s s x", "1 1 \"s\" \"s\" \"s\" x.example.org."},
        {RrType::HTTPS, "1 svc port=1", "1 svc.example.org. port=1"},
        {RrType::NSEC, "next A", "next.example.org. A"},
        {RrType::RRSIG,
         "A 8 1 1 1 1 1 @ AA==", "A 8 1 1 19700101000001 19700101000001 1 example.org. AA=="}}) {
    const auto rdata = rdata_from_text(type, text, *origin);
    ASSERT_TRUE(rdata) << text;
    EXPECT_EQ(rdata_to_text(type, *rdata), expected);
  }
}

// In place of every word, from the last to the first, of types enough to have every field once.
TEST(RdataRecords, RefusesTokensOfAMegabyteAnywhere) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  const std::string digits(1 << 20, '9');
  const std::string quoted = "\"" + digits + "\"";
  std::set<Field> seen;
  for (const RrType type : kKnownTypes) {
    const std::size_t before = seen.size();
    for (const Field field : rdata_fields(type)) seen.insert(field);
    if (seen.size() == before) continue;
    std::string front = rdata_to_text(type, testing::random_rdata(type, random, true)) + " ";
    for (int cuts = 0; cuts < 9 && !front.empty(); ++cuts) {
      front.pop_back();
      front.erase(front.find(' ') == std::string::npos ? 0 : front.rfind(' ') + 1);
      const std::string& token = cuts % 2 == 0 ? digits : quoted;
      EXPECT_FALSE(rdata_from_text(type, front + token, NameView()))
          << to_text(type) << " " << front.substr(0, 200);
    }
  }
}

}  // namespace
}  // namespace dnswire
