// RFC 1034: Domain Names - Concepts and Facilities; 4.3.2, the algorithm.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

const char* const kParent = R"($ORIGIN example.org.
$TTL 3600
@        SOA   ns1 hostmaster 7 3600 900 604800 60
@        NS    ns1
@        NS    ns.example.net.
@        MX    10 mail
ns1      A     192.0.2.1
mail     A     192.0.2.25
www      A     192.0.2.80
www      A     192.0.2.81
alias    CNAME www
chain    CNAME alias
out      CNAME www.example.net.
dangling CNAME nothing
tochild  CNAME www.child
tocut    CNAME host.sub
sub      NS    ns.sub
sub      NS    ns.example.net.
sub      DS    4711 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
ns.sub   A     192.0.2.53
ns.sub   AAAA  2001:db8::53
child    NS    ns1
deep.a.b A     192.0.2.99
)";

const char* const kChild = R"($ORIGIN child.example.org.
$TTL 600
@   SOA  ns1.example.org. hostmaster.example.org. 8 3600 900 604800 30
@   NS   ns1.example.org.
www A    192.0.2.180
back CNAME www.example.org.
)";

const std::string kSoa =
    "authority example.org. 60 IN SOA ns1.example.org. hostmaster.example.org. 7 3600 900 604800 "
    "60\n";
const std::string kChildSoa =
    "authority child.example.org. 30 IN SOA ns1.example.org. hostmaster.example.org. 8 3600 900 "
    "604800 30\n";
const std::string kReferral =
    "authority sub.example.org. 3600 IN NS ns.example.net.\n"
    "authority sub.example.org. 3600 IN NS ns.sub.example.org.\n"
    "additional ns.sub.example.org. 3600 IN A 192.0.2.53\n"
    "additional ns.sub.example.org. 3600 IN AAAA 2001:db8::53\n";
const std::string kWww =
    "answer www.example.org. 3600 IN A 192.0.2.80\n"
    "answer www.example.org. 3600 IN A 192.0.2.81\n";

struct Rfc1034 : testing::Test {
  Served server{{{"example.org.zone", kParent}, {"child.example.org.zone", kChild}}};
};

TEST_F(Rfc1034, S4_3_2_Step2_NoZoneIsRefused) {
  EXPECT_EQ(server.text_of("example.com. A"), "status REFUSED\n");
  EXPECT_EQ(server.text_of("org. NS"), "status REFUSED\n");
  EXPECT_EQ(server.text_of(". NS"), "status REFUSED\n");
  EXPECT_EQ(server.text_of("badexample.org. A"), "status REFUSED\n");
}

TEST_F(Rfc1034, S4_3_2_Step2_NearestZoneByLabel) {
  EXPECT_EQ(server.text_of("www.child.example.org. A"),
            "status NOERROR aa\n"
            "answer www.child.example.org. 600 IN A 192.0.2.180\n");
  EXPECT_EQ(server.text_of("nothing.child.example.org. A"), "status NXDOMAIN aa\n" + kChildSoa);
  EXPECT_EQ(server.text_of("xchild.example.org. A"), "status NXDOMAIN aa\n" + kSoa);
}

TEST_F(Rfc1034, S4_3_2_Step3a_WholeRrSetOfTheMatchedName) {
  EXPECT_EQ(server.text_of("www.example.org. A"), "status NOERROR aa\n" + kWww);
  EXPECT_EQ(server.text_of("example.org. MX"),
            "status NOERROR aa\n"
            "answer example.org. 3600 IN MX 10 mail.example.org.\n");
}

TEST_F(Rfc1034, S4_3_2_Step3a_ApexNameServersAreAnswersNotReferrals) {
  EXPECT_EQ(server.text_of("example.org. NS"),
            "status NOERROR aa\n"
            "answer example.org. 3600 IN NS ns.example.net.\n"
            "answer example.org. 3600 IN NS ns1.example.org.\n");
}

TEST_F(Rfc1034, S4_3_2_Step3a_AliasRestartsTheQuery) {
  EXPECT_EQ(server.text_of("alias.example.org. A"),
            "status NOERROR aa\n"
            "answer alias.example.org. 3600 IN CNAME "
            "www.example.org.\n" +
                kWww);
}

TEST_F(Rfc1034, S3_6_2_AliasItselfIsAnsweredWhenCnameIsAsked) {
  EXPECT_EQ(server.text_of("chain.example.org. CNAME"),
            "status NOERROR aa\n"
            "answer chain.example.org. 3600 IN CNAME alias.example.org.\n");
}

TEST_F(Rfc1034, S3_6_2_ChainStandsInItsOrder) {
  const Reply reply = server.ask({"chain.example.org."});
  ASSERT_EQ(reply.answer.size(), 4U);
  EXPECT_EQ(reply.answer[0], "chain.example.org. 3600 IN CNAME alias.example.org.");
  EXPECT_EQ(reply.answer[1], "alias.example.org. 3600 IN CNAME www.example.org.");
}

TEST_F(Rfc1034, S4_3_2_Step3a_AliasThatLeavesOurZonesEndsThere) {
  EXPECT_EQ(server.text_of("out.example.org. A"),
            "status NOERROR aa\n"
            "answer out.example.org. 3600 IN CNAME www.example.net.\n");
}

TEST_F(Rfc1034, S4_3_2_Step3a_AliasIsFollowedFromZoneToZone) {
  EXPECT_EQ(server.text_of("tochild.example.org. A"),
            "status NOERROR aa\n"
            "answer tochild.example.org. 3600 IN CNAME www.child.example.org.\n"
            "answer www.child.example.org. 600 IN A 192.0.2.180\n");
  EXPECT_EQ(server.text_of("back.child.example.org. A"),
            "status NOERROR aa\n"
            "answer back.child.example.org. 600 IN CNAME "
            "www.example.org.\n" +
                kWww);
}

TEST_F(Rfc1034, S4_3_2_Step3a_AliasToADelegatedNameEndsInAReferralUnderAa) {
  EXPECT_EQ(server.text_of("tocut.example.org. A"),
            "status NOERROR aa\n"
            "answer tocut.example.org. 3600 IN CNAME "
            "host.sub.example.org.\n" +
                kReferral);
}

TEST_F(Rfc1034, S4_3_2_Step3b_ReferralAtZoneCut) {
  for (const char* const question :
       {"sub.example.org. A", "sub.example.org. NS", "host.sub.example.org. A",
        "a.b.c.sub.example.org. MX", "ns.sub.example.org. A", "sub.example.org. ANY"}) {
    EXPECT_EQ(server.text_of(question), "status NOERROR\n" + kReferral) << question;
  }
}

TEST_F(Rfc1034, S4_3_2_Step3b_DsIsTheParentsToAnswer) {  // RFC 4035 3.1.4.1
  EXPECT_EQ(server.text_of("sub.example.org. DS"),
            "status NOERROR aa\n"
            "answer sub.example.org. 3600 IN DS 4711 13 2 "
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n");
  EXPECT_EQ(server.text_of("child.example.org. DS"), "status NOERROR aa\n" + kSoa)
      << "both sides of the cut are ours";
  EXPECT_EQ(server.text_of("host.sub.example.org. DS"), "status NOERROR\n" + kReferral);
}

TEST_F(Rfc1034, S4_3_2_Step3c_NoSuchName) {
  EXPECT_EQ(server.text_of("nothing.example.org. A"), "status NXDOMAIN aa\n" + kSoa);
  EXPECT_EQ(server.text_of("x.www.example.org. A"), "status NXDOMAIN aa\n" + kSoa);
}

TEST_F(Rfc1034, S3_1_CaseOfTheQuestionIsIgnoredAndKept) {
  const Reply reply = server.ask({"wWw.ExAmPlE.oRg."});
  EXPECT_EQ(reply.question, std::vector<std::string>{"wWw.ExAmPlE.oRg. IN A"});
  ASSERT_EQ(reply.answer.size(), 2U);
  EXPECT_EQ(reply.answer[0], "wWw.ExAmPlE.oRg. 3600 IN A 192.0.2.80");
}

TEST_F(Rfc1034, S4_3_1_RecursionIsNeitherOfferedNorDone) {
  Ask ask{"www.example.org."};
  ask.recursion_desired = true;
  EXPECT_EQ(to_sorted_text(server.ask(ask)), "status NOERROR aa rd\n" + kWww);
}

TEST_F(Rfc1034, S3_6_ClassesOtherThanInternetAreRefused) {
  Ask ask{"www.example.org."};
  ask.klass = "CH";
  EXPECT_EQ(to_sorted_text(server.ask(ask)), "status REFUSED\n");
}

TEST_F(Rfc1034, S4_3_5_ZoneTransfersAreRefused) {
  EXPECT_EQ(server.text_of("example.org. AXFR"), "status REFUSED\n");
  EXPECT_EQ(server.text_of("example.org. IXFR"), "status REFUSED\n");
}

TEST(Rfc1034Loop, S3_6_2_AliasLoopEndsAndSaysEachAliasOnce) {
  Served server{{{"example.org.zone", R"($TTL 60
@    SOA   ns.example.net. hostmaster 1 3600 900 604800 60
@    NS    ns.example.net.
self CNAME self
a    CNAME b
b    CNAME c
c    CNAME a
)"}}};
  EXPECT_EQ(server.text_of("self.example.org. A"),
            "status NOERROR aa\n"
            "answer self.example.org. 60 IN CNAME self.example.org.\n");
  EXPECT_EQ(server.text_of("b.example.org. A"),
            "status NOERROR aa\n"
            "answer a.example.org. 60 IN CNAME b.example.org.\n"
            "answer b.example.org. 60 IN CNAME c.example.org.\n"
            "answer c.example.org. 60 IN CNAME a.example.org.\n");
}

TEST(Rfc1034Loop, S5_2_2_LongChainIsCutAfterEightAliases) {
  std::string zone =
      "$TTL 60\n@ SOA ns.example.net. hostmaster 1 3600 900 604800 60\n"
      "@ NS ns.example.net.\nc12 A 192.0.2.1\n";
  for (int i = 0; i < 12; ++i) {
    zone += "c" + std::to_string(i) + " CNAME c" + std::to_string(i + 1) + "\n";
  }
  Served server{{{"example.org.zone", zone}}};
  EXPECT_EQ(server.ask({"c0.example.org."}).answer.size(), answer::kMaxAliases);
  EXPECT_EQ(server.ask({"c3.example.org."}).answer.size(), answer::kMaxAliases);
  const Reply whole = server.ask({"c4.example.org."});
  ASSERT_EQ(whole.answer.size(), answer::kMaxAliases + 1) << "and the address";
  EXPECT_EQ(whole.answer.back(), "c12.example.org. 60 IN A 192.0.2.1");
}

// RFC 1035 4.2.2: over TCP there is nothing larger to send the client to.
TEST(Rfc1034Loop, S5_2_2_AliasesAloneWhereTheirEndDoesNotFitOverTcp) {
  std::string zone =
      "$TTL 60\n@ SOA ns.example.net. hostmaster 1 3600 900 604800 60\n@ NS ns.example.net.\n";
  const std::string label(60, 'a');
  for (int i = 0; i < 7; ++i) {
    const std::string tail = "." + label + "." + label + ".k";
    zone += label + tail + std::to_string(i) + " CNAME " +
            (i == 6 ? "big" : label + tail + std::to_string(i + 1)) + "\n";
  }
  for (int i = 0; i < 100; ++i) {
    zone += "big TXT " + std::to_string(1000 + i);
    for (int part = 0; part < 2; ++part) zone += " " + std::string(255, 'x');
    zone += " " + std::string(120, 'y') + "\n";
  }
  Served server{{{"example.org.zone", zone}}};
  const answer::Client tcp{dnswire::IpAddress::from_text("198.51.100.53").value(),
                           answer::Transport::Tcp};
  EXPECT_EQ(server.ask({"big.example.org.", "TXT"}, tcp).answer.size(), 100U);
  const Reply reply =
      server.ask({label + "." + label + "." + label + ".k0.example.org.", "TXT"}, tcp);
  EXPECT_EQ(reply.flags, "aa");
  ASSERT_EQ(reply.answer.size(), 7U);
  EXPECT_TRUE(reply.answer.back().ends_with("CNAME big.example.org."));
}

TEST(Rfc1034Glue, S4_2_1_ThirteenNameServersBringAllTheirGlue) {
  std::string zone =
      "$TTL 60\n@ SOA ns.example.net. hostmaster 1 3600 900 604800 60\n"
      "@ NS ns.example.net.\n";
  for (int i = 1; i <= 13; ++i) {
    const std::string n = std::to_string(i);
    zone += "sub NS ns" + n + ".sub\nns" + n + ".sub A 192.0.2." + n + "\nns" + n +
            ".sub AAAA 2001:db8::" + n + "\n";
  }
  Served server{{{"example.org.zone", zone}}};
  Ask ask{"www.sub.example.org."};
  ask.edns = true;
  const Reply reply = server.ask(ask);
  EXPECT_EQ(reply.authority.size(), 13U);
  EXPECT_EQ(reply.additional.size(), 26U);
  EXPECT_EQ(reply.flags, "");
}

}  // namespace
}  // namespace conformance
