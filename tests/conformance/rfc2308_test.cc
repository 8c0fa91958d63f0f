// RFC 2308: Negative Caching of DNS Queries.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

std::string zone(const std::string& soa_ttl, const std::string& minimum) {
  return "$TTL 600\n@ " + soa_ttl + " SOA ns.example.net. hostmaster 1 3600 900 604800 " + minimum +
         "\n@ NS ns.example.net.\nwww A 192.0.2.1\nalias CNAME nothing\nbare CNAME www\n"
         "x.empty A 192.0.2.1\n";
}

std::string soa(const std::string& ttl, const std::string& minimum) {
  return "authority example.org. " + ttl +
         " IN SOA ns.example.net. hostmaster.example.org. 1 3600 900 604800 " + minimum + "\n";
}

TEST(Rfc2308, S2_1_NameErrorHasTheSoaAlone) {
  Served server{{{"example.org.zone", zone("600", "60")}}};
  EXPECT_EQ(server.text_of("nothing.example.org. A"), "status NXDOMAIN aa\n" + soa("60", "60"));
}

TEST(Rfc2308, S2_1_1_NameErrorBehindAnAliasKeepsTheAlias) {
  Served server{{{"example.org.zone", zone("600", "60")}}};
  EXPECT_EQ(server.text_of("alias.example.org. A"),
            "status NXDOMAIN aa\n"
            "answer alias.example.org. 600 IN CNAME nothing.example.org.\n" +
                soa("60", "60"));
}

TEST(Rfc2308, S2_2_NoDataHasTheSoaAlone) {
  Served server{{{"example.org.zone", zone("600", "60")}}};
  EXPECT_EQ(server.text_of("www.example.org. AAAA"), "status NOERROR aa\n" + soa("60", "60"));
  EXPECT_EQ(server.text_of("example.org. MX"), "status NOERROR aa\n" + soa("60", "60"));
  EXPECT_EQ(server.text_of("empty.example.org. A"), "status NOERROR aa\n" + soa("60", "60"));
}

TEST(Rfc2308, S2_2_1_NoDataBehindAnAliasKeepsTheAlias) {
  Served server{{{"example.org.zone", zone("600", "60")}}};
  EXPECT_EQ(server.text_of("bare.example.org. AAAA"),
            "status NOERROR aa\n"
            "answer bare.example.org. 600 IN CNAME www.example.org.\n" +
                soa("60", "60"));
}

TEST(Rfc2308, S3_TtlOfTheSoaIsTheLesserOfItsOwnAndMinimum) {
  Served short_minimum{{{"example.org.zone", zone("600", "30")}}};
  EXPECT_EQ(short_minimum.text_of("nothing.example.org. A"),
            "status NXDOMAIN aa\n" + soa("30", "30"));
  Served short_ttl{{{"example.org.zone", zone("20", "300")}}};
  EXPECT_EQ(short_ttl.text_of("nothing.example.org. A"), "status NXDOMAIN aa\n" + soa("20", "300"));
}

TEST(Rfc2308, S3_SoaThatIsAskedForKeepsItsOwnTtl) {
  Served server{{{"example.org.zone", zone("600", "30")}}};
  EXPECT_EQ(server.text_of("example.org. SOA"),
            "status NOERROR aa\n"
            "answer example.org. 600 IN SOA ns.example.net. hostmaster.example.org. 1 3600 900 "
            "604800 30\n");
}

TEST(Rfc2308, S2_2_FamilyThatAPoolLacksIsNoData) {
  Served server{{{"example.org.yaml", R"(zone: example.org
soa: {mname: ns.example.net., rname: hostmaster, serial: 1, expire: 604800s, minimum: 30s}
endpoints: {here: {A: 192.0.2.1}}
pools: {all: {members: [here]}}
records:
  "@": {NS: [ns.example.net.]}
  www: {dynamic: {pool: all}}
)"}}};
  EXPECT_EQ(server.text_of("www.example.org. AAAA"), "status NOERROR aa\n" + soa("30", "30"));
}

}  // namespace
}  // namespace conformance
