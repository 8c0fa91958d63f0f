// RFC 6672: DNAME Redirection in the DNS.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

const char* const kZone = R"($TTL 60
@ SOA ns.example.net. hostmaster 1 3600 900 604800 60
@ NS ns.example.net.
old 30 DNAME new
old TXT "beside the DNAME"
new A 192.0.2.1
www.new A 192.0.2.2
deep.er.new CNAME www.new
away DNAME example.net.
across DNAME example.com.
twice DNAME old
round DNAME back.round2
round2 DNAME round
sub NS ns.sub
ns.sub A 192.0.2.53
below DNAME sub
)";

// With a target of 238 octets: three labels of 63, one of 32, and those of the zone.
std::string zone() {
  const std::string label(63, 'l');
  return kZone +
         ("long DNAME " + label + "." + label + "." + label + "." + label.substr(31) + "\n");
}

struct Rfc6672 : testing::Test {
  Served server{
      {{"example.org.zone", zone()},
       {"example.com.zone",
        "$TTL 60\n@ SOA ns.example.net. hostmaster 1 3600 900 604800 60\n@ NS ns.example.net.\n"
        "www A 192.0.2.9\n"},
       {"example.edu.zone",
        "$TTL 60\n@ SOA ns.example.net. hostmaster 1 3600 900 604800 60\n@ NS ns.example.net.\n"
        "@ DNAME example.org.\n@ MX 10 mail.example.net.\n"}}};
};

TEST_F(Rfc6672, S3_1_NameBelowGetsTheDnameAndTheAliasThatItMakes) {
  EXPECT_EQ(to_text(server.ask({"www.old.example.org."})),
            "status NOERROR aa\n"
            "answer old.example.org. 30 IN DNAME new.example.org.\n"
            "answer www.old.example.org. 30 IN CNAME www.new.example.org.\n"
            "answer www.new.example.org. 60 IN A 192.0.2.2\n");
}

TEST_F(Rfc6672, S3_1_CaseOfTheQuestionIsKeptInTheAlias) {
  const Reply reply = server.ask({"WwW.oLd.example.org."});
  ASSERT_EQ(reply.answer.size(), 3U);
  EXPECT_EQ(reply.answer[1].substr(0, 20), "WwW.oLd.example.org.");
  EXPECT_EQ(reply.answer[2], "WwW.new.example.org. 60 IN A 192.0.2.2");
}

TEST_F(Rfc6672, S2_3_OwnerItselfIsNotRedirected) {
  EXPECT_EQ(server.text_of("old.example.org. A"),
            "status NOERROR aa\n"
            "authority example.org. 60 IN SOA ns.example.net. hostmaster.example.org. 1 3600 900 "
            "604800 60\n");
  EXPECT_EQ(server.text_of("old.example.org. TXT"),
            "status NOERROR aa\n"
            "answer old.example.org. 60 IN TXT \"beside the DNAME\"\n");
  EXPECT_EQ(server.text_of("old.example.org. DNAME"),
            "status NOERROR aa\n"
            "answer old.example.org. 30 IN DNAME new.example.org.\n");
}

TEST_F(Rfc6672, S3_2_TargetThatDoesNotExistIsNameError) {
  EXPECT_EQ(server.ask({"nothing.old.example.org."}).status, "NXDOMAIN");
  EXPECT_EQ(server.ask({"nothing.old.example.org."}).answer.size(), 2U);
}

TEST_F(Rfc6672, S3_2_ChainGoesOnThroughAliases) {
  const Reply reply = server.ask({"deep.er.old.example.org."});
  ASSERT_EQ(reply.answer.size(), 4U);
  EXPECT_EQ(reply.answer[2], "deep.er.new.example.org. 60 IN CNAME www.new.example.org.");
}

TEST_F(Rfc6672, S3_2_RedirectionOutOfOurZonesEndsThere) {
  EXPECT_EQ(to_text(server.ask({"www.away.example.org."})),
            "status NOERROR aa\n"
            "answer away.example.org. 60 IN DNAME example.net.\n"
            "answer www.away.example.org. 60 IN CNAME www.example.net.\n");
}

TEST_F(Rfc6672, S3_2_RedirectionIsFollowedFromZoneToZone) {
  const Reply reply = server.ask({"www.across.example.org."});
  ASSERT_EQ(reply.answer.size(), 3U);
  EXPECT_EQ(reply.answer[2], "www.example.com. 60 IN A 192.0.2.9");
}

TEST_F(Rfc6672, S3_2_ApexRedirectsWhatIsBelowItAndKeepsItsOwn) {
  EXPECT_EQ(server.ask({"new.example.edu."}).answer.back(), "new.example.org. 60 IN A 192.0.2.1");
  EXPECT_EQ(server.ask({"example.edu.", "MX"}).answer.size(), 1U);
}

TEST_F(Rfc6672, S2_4_TwoRedirectionsFollowEachOther) {
  EXPECT_EQ(to_text(server.ask({"www.twice.example.org."})),
            "status NOERROR aa\n"
            "answer twice.example.org. 60 IN DNAME old.example.org.\n"
            "answer www.twice.example.org. 60 IN CNAME www.old.example.org.\n"
            "answer old.example.org. 30 IN DNAME new.example.org.\n"
            "answer www.old.example.org. 30 IN CNAME www.new.example.org.\n"
            "answer www.new.example.org. 60 IN A 192.0.2.2\n");
}

TEST_F(Rfc6672, S2_2_NameThatWouldBeTooLongIsYxDomain) {
  const std::string label(16, 'x');  // 1 + 16 + 238 = 255 octets: just fits
  EXPECT_EQ(server.ask({label + ".long.example.org."}).status, "NXDOMAIN");
  const Reply reply = server.ask({label + "x.long.example.org."});
  EXPECT_EQ(reply.status, "YXDOMAIN");
  EXPECT_EQ(reply.flags, "aa");
  ASSERT_EQ(reply.answer.size(), 1U);
  EXPECT_EQ(reply.answer[0].substr(0, 28), "long.example.org. 60 IN DNAM");
}

TEST_F(Rfc6672, S5_4_LoopEndsAfterEightHops) {
  const Reply reply = server.ask({"x.round.example.org."});
  EXPECT_EQ(reply.status, "NOERROR");
  EXPECT_EQ(reply.answer.size(), 2U + 8U);  // each DNAME once
}

TEST_F(Rfc6672, S3_2_AliasThatIsAskedForIsNotFollowed) {
  EXPECT_EQ(to_text(server.ask({"deep.er.old.example.org.", "CNAME"})),
            "status NOERROR aa\n"
            "answer old.example.org. 30 IN DNAME new.example.org.\n"
            "answer deep.er.old.example.org. 30 IN CNAME deep.er.new.example.org.\n");
}

TEST_F(Rfc6672, S3_2_RedirectionBelowACutEndsInAReferral) {
  const Reply reply = server.ask({"host.below.example.org."});
  EXPECT_EQ(reply.answer.size(), 2U);
  EXPECT_EQ(reply.authority,
            std::vector<std::string>{"sub.example.org. 60 IN NS ns.sub.example.org."});
  EXPECT_EQ(reply.additional.size(), 1U);
}

}  // namespace
}  // namespace conformance
