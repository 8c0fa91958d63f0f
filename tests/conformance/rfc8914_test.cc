// RFC 8914: Extended DNS Errors.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

struct Rfc8914 : testing::Test {
  Served server{{{"example.org.yaml", R"(zone: example.org
soa: {mname: ns.example.net., rname: hostmaster, serial: 1}
checks: {up: {type: tcp, port: 80}}
endpoints: {edge: {A: 192.0.2.1, check: up}}
pools: {all: {members: [edge]}}
records:
  "@": {NS: [ns.example.net.]}
  www: {dynamic: all}
  denied: {dynamic: {pool: all, all_down: nodata}}
  failed: {dynamic: {pool: all, all_down: servfail}}
  loop: {CNAME: pool}
  pool: {CNAME: loop}
)"}}};

  std::string error_of(const char* name, const char* type = "A", const char* klass = "IN") {
    Ask ask{name, type, klass};
    ask.edns = true;
    return server.ask(ask).extended_error();
  }
};

TEST_F(Rfc8914, S4_21_NameOutsideOurZonesIsNotAuthoritative) {
  EXPECT_EQ(error_of("example.com."), "20");
  EXPECT_EQ(server.ask({"example.com."}).options.size(), 0U);  // without OPT there is no place
}

TEST_F(Rfc8914, S4_19_TransfersAreProhibited) {
  EXPECT_EQ(error_of("example.org.", "AXFR"), "18");
  EXPECT_EQ(error_of("example.org.", "IXFR"), "18");
}

TEST_F(Rfc8914, S4_22_WhatIsNotImplementedIsNotSupported) {
  EXPECT_EQ(error_of("example.org.", "MAILB"), "21");
  EXPECT_EQ(error_of("example.org.", "A", "HS"), "21");
}

TEST_F(Rfc8914, Rfc9824_S3_4_NxnameIsNeverAskedFor) {
  EXPECT_EQ(error_of("example.org.", "TYPE128"), "30");
  EXPECT_EQ(error_of("example.org.", "OPT"), "30");
  EXPECT_EQ(error_of("example.org.", "TYPE0"), "30");
}

TEST_F(Rfc8914, AnswersAndDenialsHaveNone) {
  EXPECT_EQ(error_of("www.example.org."), "");
  EXPECT_EQ(error_of("example.org."), "");
  EXPECT_EQ(error_of("nothing.example.org."), "");
}

TEST_F(Rfc8914, LastResortIsTold) {
  health::Standing down;
  down.state = health::State::Down;
  server.publish(health::Board({down}));
  EXPECT_EQ(error_of("www.example.org."), "0: last resort: no endpoint is healthy");
  EXPECT_EQ(error_of("denied.example.org."), "0: last resort: no endpoint is healthy");
}

// No Reachable Authority (22) is a resolver's to say, of authorities that it cannot reach.
TEST_F(Rfc8914, S4_23_FailureByPolicyIsToldAsOther) {
  health::Standing down;
  down.state = health::State::Down;
  server.publish(health::Board({down}));
  EXPECT_EQ(error_of("failed.example.org."), "0: no endpoint is healthy");
  Ask without{"failed.example.org."};
  EXPECT_EQ(to_text(server.ask(without)), "status SERVFAIL aa\n");
}

TEST_F(Rfc8914, AliasLoopIsTold) {
  EXPECT_EQ(error_of("loop.example.org."), "0: the aliases form a loop");
}

}  // namespace
}  // namespace conformance
