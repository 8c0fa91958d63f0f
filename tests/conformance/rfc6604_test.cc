// RFC 6604: xNAME RCODE and Status Bits Clarification.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

const char* const kZone = R"($TTL 60
@       SOA   ns.example.net. hostmaster 1 3600 900 604800 60
@       NS    ns.example.net.
www     A     192.0.2.1
one     CNAME two
two     CNAME nothing
good    CNAME www
outside CNAME nothing.example.net.
sub     NS    ns.example.net.
cut     CNAME host.sub
)";

struct Rfc6604 : testing::Test {
  Served server{{{"example.org.zone", kZone}}};
};

TEST_F(Rfc6604, S3_RcodeIsThatOfTheLastNameOfTheChain) {
  EXPECT_EQ(server.ask({"one.example.org."}).status, "NXDOMAIN");
  EXPECT_EQ(server.ask({"good.example.org."}).status, "NOERROR");
  EXPECT_EQ(server.ask({"good.example.org.", "MX"}).status, "NOERROR");
}

TEST_F(Rfc6604, S3_RcodeIsNoErrorWhereTheChainLeavesOurZones) {
  EXPECT_EQ(server.ask({"outside.example.org."}).status, "NOERROR");
  EXPECT_EQ(server.ask({"cut.example.org."}).status, "NOERROR");
}

TEST_F(Rfc6604, S3_RcodeIsNoErrorWhenTheAliasItselfIsAsked) {
  EXPECT_EQ(server.ask({"two.example.org.", "CNAME"}).status, "NOERROR");
}

TEST_F(Rfc6604, S2_1_AaSpeaksOfTheFirstOwnerName) {
  for (const char* const name : {"one", "good", "outside", "cut"}) {
    EXPECT_EQ(server.ask({std::string(name) + ".example.org."}).flags, "aa") << name;
  }
  EXPECT_EQ(server.ask({"host.sub.example.org."}).flags, "");
}

}  // namespace
}  // namespace conformance
