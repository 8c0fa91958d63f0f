// RFC 4592: The Role of Wildcards in the Domain Name System.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

// RFC 4592 2.2.1, word for word but for the SOA and SRV data, which it leaves open.
const char* const kZone = R"($ORIGIN example.
example.                 3600 IN  SOA   ns.example.com. hostmaster.example. 1 3600 900 604800 300
example.                 3600     NS    ns.example.com.
example.                 3600     NS    ns.example.net.
*.example.               3600     TXT   "this is a wildcard"
*.example.               3600     MX    10 host1.example.
sub.*.example.           3600     TXT   "this is not a wildcard"
host1.example.           3600     A     192.0.2.1
_ssh._tcp.host1.example. 3600     SRV   0 0 22 host1.example.
_ssh._tcp.host2.example. 3600     SRV   0 0 22 host1.example.
subdel.example.          3600     NS    ns.example.com.
subdel.example.          3600     NS    ns.example.net.
)";

const std::string kSoa =
    "authority example. 300 IN SOA ns.example.com. hostmaster.example. 1 3600 900 604800 300\n";
const std::string kNoData = "status NOERROR aa\n" + kSoa;
const std::string kNoSuchName = "status NXDOMAIN aa\n" + kSoa;

struct Rfc4592 : testing::Test {
  Served server{{{"example.zone", kZone}}};
};

TEST_F(Rfc4592, S2_2_1_Host3MxIsSynthesized) {
  EXPECT_EQ(server.text_of("host3.example. MX"),
            "status NOERROR aa\n"
            "answer host3.example. 3600 IN MX 10 host1.example.\n");
}

TEST_F(Rfc4592, S2_2_1_Host3AIsNoDataForTheWildcardHasNoA) {
  EXPECT_EQ(server.text_of("host3.example. A"), kNoData);
}

TEST_F(Rfc4592, S2_2_1_FooBarTxtIsSynthesizedForBarDoesNotExist) {
  EXPECT_EQ(server.text_of("foo.bar.example. TXT"),
            "status NOERROR aa\n"
            "answer foo.bar.example. 3600 IN TXT \"this is a wildcard\"\n");
}

TEST_F(Rfc4592, S2_2_1_Host1MxIsNotSynthesizedForHost1Exists) {
  EXPECT_EQ(server.text_of("host1.example. MX"), kNoData);
}

TEST_F(Rfc4592, S2_2_1_SubOfTheWildcardMxIsNotSynthesizedForItExists) {
  EXPECT_EQ(server.text_of("sub.*.example. MX"), kNoData);
}

TEST_F(Rfc4592, S2_2_1_TelnetSrvIsNotSynthesizedForTcpHost1Exists) {
  EXPECT_EQ(server.text_of("_telnet._tcp.host1.example. SRV"), kNoSuchName);
}

TEST_F(Rfc4592, S2_2_1_HostSubdelAIsAReferral) {
  EXPECT_EQ(server.text_of("host.subdel.example. A"),
            "status NOERROR\n"
            "authority subdel.example. 3600 IN NS ns.example.com.\n"
            "authority subdel.example. 3600 IN NS ns.example.net.\n");
}

TEST_F(Rfc4592, S2_2_1_GhostMxIsNotSynthesizedForTheWildcardItselfExists) {
  EXPECT_EQ(server.text_of("ghost.*.example. MX"), kNoSuchName);
}

TEST_F(Rfc4592, S2_2_2_EmptyNonTerminalsExist) {
  for (const char* const name : {"_tcp.host1.example.", "_tcp.host2.example.", "host2.example."}) {
    EXPECT_EQ(server.text_of(std::string(name) + " TXT"), kNoData) << name;
  }
}

TEST_F(Rfc4592, S2_2_3_TheWildcardMatchesItsOwnNameAsAnyOther) {
  EXPECT_EQ(server.text_of("*.example. MX"),
            "status NOERROR aa\n"
            "answer *.example. 3600 IN MX 10 host1.example.\n");
}

TEST_F(Rfc4592, S2_1_1_AsteriskThatIsNotTheFirstLabelIsAPlainLabel) {
  EXPECT_EQ(server.text_of("sub.*.example. TXT"),
            "status NOERROR aa\n"
            "answer sub.*.example. 3600 IN TXT \"this is not a wildcard\"\n");
  EXPECT_EQ(server.text_of("sub.foo.example. TXT"),
            "status NOERROR aa\n"
            "answer sub.foo.example. 3600 IN TXT \"this is a wildcard\"\n");
}

TEST_F(Rfc4592, S3_3_1_ClosestEncloserWithoutWildcardEndsTheSearch) {
  EXPECT_EQ(server.text_of("x.host1.example. MX"), kNoSuchName);
}

TEST(Rfc4592Cname, S4_5_WildcardAliasIsFollowed) {
  Served server{{{"example.zone", std::string(kZone) + "*.alias.example. 60 CNAME host1\n"}}};
  EXPECT_EQ(server.text_of("a.b.alias.example. A"),
            "status NOERROR aa\n"
            "answer a.b.alias.example. 60 IN CNAME host1.example.\n"
            "answer host1.example. 3600 IN A 192.0.2.1\n");
}

TEST(Rfc4592Ns, S4_2_NameBelowADelegationIsNotCoveredByAWildcardInTheParent) {
  Served server{{{"example.zone", std::string(kZone) + "*.subdel.example. 60 TXT hidden\n"}}};
  EXPECT_EQ(server.text_of("x.subdel.example. TXT"),
            "status NOERROR\n"
            "authority subdel.example. 3600 IN NS ns.example.com.\n"
            "authority subdel.example. 3600 IN NS ns.example.net.\n");
}

}  // namespace
}  // namespace conformance
