// RFC 8482: Providing Minimal-Sized Responses to DNS Queries That Have QTYPE=ANY.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

const char* const kZone = R"(zone: example.org
ttl: 1h
soa: {mname: ns.example.net., rname: hostmaster, serial: 1, minimum: 30s}
endpoints:
  four: {A: 192.0.2.1}
  six:  {AAAA: "2001:db8::1"}
pools:
  fours: {members: [four]}
  sixes: {members: [six]}
records:
  "@":   {NS: [ns.example.net.], MX: [10 mail]}
  mail:  {A: 192.0.2.25, TXT: [one, two], AAAA: "2001:db8::25"}
  alias: {CNAME: mail}
  www:   {TXT: [text], dynamic: fours}
  new:   {dynamic: sixes}
  x.y:   {A: 192.0.2.9}
)";

struct Rfc8482 : testing::Test {
  Served server{{{"example.org.yaml", kZone}}};
};

TEST_F(Rfc8482, S4_1_AnyGetsOneRrSet) {
  EXPECT_EQ(server.text_of("mail.example.org. ANY"),
            "status NOERROR aa\n"
            "answer mail.example.org. 3600 IN A 192.0.2.25\n");
}

TEST_F(Rfc8482, S4_1_AnyAtAnAliasGetsTheAliasAlone) {
  EXPECT_EQ(server.text_of("alias.example.org. ANY"),
            "status NOERROR aa\n"
            "answer alias.example.org. 3600 IN CNAME mail.example.org.\n");
}

TEST_F(Rfc8482, S4_1_AnyAtADynamicNameGetsAddresses) {
  EXPECT_EQ(server.text_of("www.example.org. ANY"),
            "status NOERROR aa\n"
            "answer www.example.org. 60 IN A 192.0.2.1\n");
}

TEST_F(Rfc8482, S4_1_AnyAtADynamicNameWithoutIpv4GetsIpv6) {
  EXPECT_EQ(server.text_of("new.example.org. ANY"),
            "status NOERROR aa\n"
            "answer new.example.org. 60 IN AAAA 2001:db8::1\n");
}

TEST_F(Rfc8482, S4_1_AnyDeniesAsOtherTypesDo) {
  EXPECT_EQ(server.ask({"nothing.example.org.", "ANY"}).status, "NXDOMAIN");
  const Reply empty = server.ask({"y.example.org.", "ANY"});
  EXPECT_EQ(empty.status, "NOERROR");
  EXPECT_TRUE(empty.answer.empty());
  EXPECT_EQ(empty.authority.size(), 1U);
}

}  // namespace
}  // namespace conformance
