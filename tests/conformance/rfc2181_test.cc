// RFC 2181: Clarifications to the DNS Specification.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"
#include "zones/zone_builder.h"

namespace conformance {
namespace {

const std::string kApex =
    "$TTL 60\n@ SOA ns.example.net. hostmaster 1 3600 900 604800 60\n@ NS ns.example.net.\n";

std::string addresses(const std::string& owner, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += owner + " A 192.0.2." + std::to_string(i) + "\n";
  return text;
}

struct Rfc2181 : testing::Test {
  Served server{{{"example.org.zone", kApex +
                                          "twice A 192.0.2.1\n"
                                          "twice A 192.0.2.1\n"
                                          "TWICE A 192.0.2.1\n"
                                          "ttls 300 A 192.0.2.1\n"
                                          "ttls 30 A 192.0.2.2\n"
                                          "ttls 3000 A 192.0.2.3\n"
                                          "ttls 900 TXT other\n" +
                                          addresses("fits", 29) + addresses("over", 30)}}};
};

TEST_F(Rfc2181, S5_DuplicateRecordsAreOne) {
  EXPECT_EQ(server.text_of("twice.example.org. A"),
            "status NOERROR aa\n"
            "answer twice.example.org. 60 IN A 192.0.2.1\n");
}

TEST_F(Rfc2181, S5_2_TtlsOfAnRrSetBecomeTheLowest) {
  EXPECT_EQ(server.text_of("ttls.example.org. A"),
            "status NOERROR aa\n"
            "answer ttls.example.org. 30 IN A 192.0.2.1\n"
            "answer ttls.example.org. 30 IN A 192.0.2.2\n"
            "answer ttls.example.org. 30 IN A 192.0.2.3\n");
  EXPECT_EQ(server.text_of("ttls.example.org. TXT"),
            "status NOERROR aa\n"
            "answer ttls.example.org. 900 IN TXT \"other\"\n");
}

// Header 12, question 22, 16 for each address behind a pointer: 29 make 498, 30 would be 514.
TEST_F(Rfc2181, S9_RrSetThatFitsIsWhole) {
  const Reply reply = server.ask({"fits.example.org."});
  EXPECT_EQ(reply.flags, "aa");
  EXPECT_EQ(reply.size, 498U);
  EXPECT_EQ(reply.answer.size(), 29U);
}

TEST_F(Rfc2181, S9_RrSetThatDoesNotFitIsLeftOutWholeAndTcSet) {
  const Reply reply = server.ask({"over.example.org."});
  EXPECT_EQ(reply.flags, "aa tc");
  EXPECT_TRUE(reply.answer.empty());
}

TEST_F(Rfc2181, S8_TtlsReach2147483647) {
  dnswire::Name origin = dnswire::Name::from_text("example.org.").value();
  zones::ZoneBuilder builder(origin);
  const Octets address{192, 0, 2, 1};
  EXPECT_TRUE(builder.add(origin, dnswire::RrType::A, dnswire::Ttl{0x7fffffff}, address));
  EXPECT_FALSE(builder.add(origin, dnswire::RrType::A, dnswire::Ttl{0x80000000}, address));
}

TEST_F(Rfc2181, S10_1_CnameStandsAlone) {
  const dnswire::Name origin = dnswire::Name::from_text("example.org.").value();
  const dnswire::Name owner = dnswire::Name::from_text("www.example.org.").value();
  const Octets address{192, 0, 2, 1};
  const auto target = origin.view().wire();
  {
    zones::ZoneBuilder builder(origin);
    EXPECT_TRUE(builder.add(owner, dnswire::RrType::CNAME, dnswire::Ttl{1}, target));
    EXPECT_FALSE(builder.add(owner, dnswire::RrType::A, dnswire::Ttl{1}, address));
    EXPECT_FALSE(builder.add_dynamic(owner, zones::DynamicId{0}));
    EXPECT_FALSE(builder.add(owner, dnswire::RrType::CNAME, dnswire::Ttl{1}, owner.view().wire()));
  }
  {
    zones::ZoneBuilder builder(origin);
    EXPECT_TRUE(builder.add(owner, dnswire::RrType::A, dnswire::Ttl{1}, address));
    EXPECT_FALSE(builder.add(owner, dnswire::RrType::CNAME, dnswire::Ttl{1}, target));
  }
}

TEST(Rfc2181Additional, S9_GlueIsNeverCutInTwo) {
  std::string zone = kApex;
  for (int i = 1; i <= 13; ++i) {
    const std::string n = std::to_string(i);
    zone += "sub NS a-rather-long-name-" + n + ".sub\na-rather-long-name-" + n + ".sub A 192.0.2." +
            n + "\n";
  }
  Served server{{{"example.org.zone", zone}}};
  const Reply small = server.ask({"www.sub.example.org."});  // RFC 9471 3.1: then TC
  EXPECT_EQ(small.flags, "tc");
  EXPECT_TRUE(small.authority.empty());
  Ask ask{"www.sub.example.org."};
  ask.edns = true;
  const Reply whole = server.ask(ask);
  EXPECT_EQ(whole.flags, "");
  EXPECT_EQ(whole.authority.size(), 13U);
  EXPECT_EQ(whole.additional.size(), 13U);
}

}  // namespace
}  // namespace conformance
