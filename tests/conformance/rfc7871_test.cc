// RFC 7871: Client Subnet in DNS Queries.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

const char* const kZone = R"(zone: example.org
ttl: 1h
soa: {mname: ns.example.net., rname: hostmaster, serial: 1, minimum: 30s}
endpoints:
  tokyo:     {A: 192.0.2.1, AAAA: "2001:db8::1", at: JP}
  frankfurt: {A: 192.0.2.2, AAAA: "2001:db8::2", at: DE}
  only4:     {A: 192.0.2.3}
pools:
  near:  {members: [tokyo, frankfurt], pick: nearest, max: 1}
  fours: {members: [only4]}
records:
  "@":    {NS: [ns.example.net.]}
  static: {A: 192.0.2.9}
  www:    {dynamic: near}
  alias:  {CNAME: www}
  same:   {dynamic: fours}
  sub:    {NS: [ns.example.net.]}
)";

struct Rfc7871 : testing::Test {
  Served server{{{"example.org.yaml", kZone}},
                {{"133.0.0.0/8", "JP"},
                 {"77.0.0.0/8", "DE"},
                 {"203.0.113.0/25", "DE"},
                 {"2400::/12", "JP"},
                 {"2a00::/12", "DE"}}};

  static Ask from(const std::string& subnet, const std::string& name = "www.example.org.",
                  const std::string& type = "A") {
    Ask ask{name, type};
    ask.subnet = subnet;
    return ask;
  }
  static Octets with_option(const Octets& data) {
    Ask ask{"www.example.org."};
    ask.edns = true;
    Octets message = to_bytes(ask);
    message.back() = static_cast<std::uint8_t>(4 + data.size());
    const Octets head{0, 8, 0, static_cast<std::uint8_t>(data.size())};
    message.insert(message.end(), head.begin(), head.end());
    message.insert(message.end(), data.begin(), data.end());
    return message;
  }
};

// Clients of unknown place are served like those of Japan, so that the scope of 133.0.0.0/8 is
// wide.
TEST_F(Rfc7871, S7_2_1_AnswerIsTailoredToTheSubnet) {
  EXPECT_EQ(to_text(server.ask(from("133.11.0.0/16"))),
            "status NOERROR aa\nanswer www.example.org. 60 IN A 192.0.2.1\nscope 3\n");
  EXPECT_EQ(to_text(server.ask(from("77.1.2.0/24"))),
            "status NOERROR aa\nanswer www.example.org. 60 IN A 192.0.2.2\nscope 8\n");
  EXPECT_EQ(to_text(server.ask(from("2a02:2e0::/32", "www.example.org.", "AAAA"))),
            "status NOERROR aa\nanswer www.example.org. 60 IN AAAA 2001:db8::2\nscope 12\n");
}

TEST_F(Rfc7871, S7_2_1_FamilyOfTheSubnetAndOfTheAnswerAreIndependent) {
  EXPECT_EQ(to_text(server.ask(from("133.11.0.0/16", "www.example.org.", "AAAA"))),
            "status NOERROR aa\nanswer www.example.org. 60 IN AAAA 2001:db8::1\nscope 3\n");
}

TEST_F(Rfc7871, S7_2_1_OptionIsEchoedAsSent) {
  for (const char* const subnet :
       {"133.11.0.0/16", "133.0.0.0/8", "133.11.22.33/32", "0.0.0.0/0", "2400::/12", "::/0",
        "2400:1:2:3:4:5:6:7/128", "133.11.128.0/17"}) {
    const Reply reply = server.ask(from(subnet));
    ASSERT_TRUE(reply.subnet) << subnet;
    EXPECT_EQ(reply.subnet->prefix, subnet);
  }
}

TEST_F(Rfc7871, S7_2_1_ScopeMayBeLongerThanTheSource) {
  const Reply reply = server.ask(from("203.0.0.0/16"));
  ASSERT_TRUE(reply.subnet);
  EXPECT_GT(reply.subnet->scope, 16U);
}

TEST_F(Rfc7871, S11_1_ScopeIsAtMost24And56) {
  const Reply four = server.ask(from("203.0.113.0/32"));
  ASSERT_TRUE(four.subnet);
  EXPECT_EQ(four.subnet->scope, 24U);
}

TEST_F(Rfc7871, S7_1_2_SourcePrefixZeroIsServedByTheResolversPlaceWithScopeZero) {
  const answer::Client tokyo{dnswire::IpAddress::from_text("133.1.2.3").value()};
  for (const char* const subnet : {"0.0.0.0/0", "::/0"}) {
    EXPECT_EQ(to_text(server.ask(from(subnet), tokyo)),
              "status NOERROR aa\nanswer www.example.org. 60 IN A 192.0.2.1\nscope 0\n");
  }
  const Reply unspecified = server.send(with_option({0, 0, 0, 0}), tokyo);
  EXPECT_EQ(unspecified.answer, std::vector<std::string>{"www.example.org. 60 IN A 192.0.2.1"});
  EXPECT_TRUE(unspecified.subnet);
}

TEST_F(Rfc7871, S7_2_1_WithoutTheOptionNoneComesBack) {
  Ask ask{"www.example.org."};
  ask.edns = true;
  const answer::Client frankfurt{dnswire::IpAddress::from_text("77.1.2.3").value()};
  EXPECT_EQ(to_text(server.ask(ask, frankfurt)),
            "status NOERROR aa\nanswer www.example.org. 60 IN A 192.0.2.2\n");
}

TEST_F(Rfc7871, S7_2_1_ScopeIsZeroForWhatIsTheSameEverywhere) {
  for (const auto& [name, type] : std::initializer_list<std::pair<const char*, const char*>>{
           {"static.example.org.", "A"},
           {"same.example.org.", "A"},
           {"example.org.", "SOA"},
           {"x.sub.example.org.", "A"},      // referral
           {"nothing.example.org.", "A"},    // RFC 7871 7.4
           {"static.example.org.", "AAAA"},  // RFC 7871 7.4
           {"same.example.org.", "AAAA"},    // RFC 7871 7.4
           {"www.example.com.", "A"}}) {     // refused
    const Reply reply = server.ask(from("133.11.0.0/16", name, type));
    ASSERT_TRUE(reply.subnet) << name;
    EXPECT_EQ(reply.subnet->scope, 0U) << name << ' ' << type;
  }
}

TEST_F(Rfc7871, S7_2_1_ScopeSpeaksOfTheWholeAnswerBehindAnAlias) {
  const Reply reply = server.ask(from("133.11.0.0/16", "alias.example.org."));
  ASSERT_TRUE(reply.subnet);
  EXPECT_EQ(reply.answer.size(), 2U);
  EXPECT_EQ(reply.subnet->scope, 3U);
}

TEST_F(Rfc7871, S11_1_PrivateSubnetIsServedByTheResolversPlace) {
  const answer::Client frankfurt{dnswire::IpAddress::from_text("77.1.2.3").value()};
  EXPECT_EQ(to_text(server.ask(from("10.1.2.0/24"), frankfurt)),
            "status NOERROR aa\nanswer www.example.org. 60 IN A 192.0.2.2\nscope 8\n");
  EXPECT_EQ(to_text(server.ask(from("192.168.7.0/24"), frankfurt)),
            "status NOERROR aa\nanswer www.example.org. 60 IN A 192.0.2.2\nscope 16\n");
  EXPECT_EQ(to_text(server.ask(from("fd12:3456::/32"), frankfurt)),
            "status NOERROR aa\nanswer www.example.org. 60 IN A 192.0.2.2\nscope 7\n");
}

TEST_F(Rfc7871, S7_1_2_MalformedOptionsAreAFormatError) {
  const std::initializer_list<std::pair<const char*, Octets>> all{
      {"empty", {}},
      {"cut in the head", {0, 1, 24}},
      {"unknown family", {0, 3, 0, 0}},
      {"family 0 with an address", {0, 0, 8, 0, 10}},
      {"scope in a query", {0, 1, 24, 24, 133, 11, 0}},
      {"prefix too long for IPv4", {0, 1, 33, 0, 133, 11, 0, 0, 0}},
      {"prefix too long for IPv6",
       {0, 2, 129, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
      {"address too short", {0, 1, 24, 0, 133, 11}},
      {"address too long", {0, 1, 24, 0, 133, 11, 0, 0}},
      {"bits behind the prefix", {0, 1, 23, 0, 133, 11, 1}},
  };
  for (const auto& [what, data] : all) {
    EXPECT_EQ(server.send(with_option(data)).status, "FORMERR") << what;
  }
}

TEST_F(Rfc7871, S7_1_2_OptionSentTwiceIsAFormatError) {
  EXPECT_EQ(server.send(with_option({0, 1, 8, 0, 133, 0, 8, 0, 5, 0, 1, 8, 0, 133})).status,
            "FORMERR");
}

}  // namespace
}  // namespace conformance
