// RFC 7828: The edns-tcp-keepalive EDNS0 Option; RFC 7830: The EDNS(0) Padding Option.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

struct Rfc7828 : testing::Test {
  Served server{{{"example.org.zone",
                  "@ 60 SOA ns.example.net. hostmaster 1 3600 900 604800 60\n"
                  "@ 60 NS ns.example.net.\nwww 60 A 192.0.2.1\n"}}};
  answer::Client client{dnswire::IpAddress::from_text("198.51.100.53").value(),
                        answer::Transport::Tcp};

  Rfc7828() {
    answer::Settings settings;
    settings.tcp_keepalive = 300;
    server.set(settings);
  }
  Reply ask(Octets options) {
    Ask ask{"www.example.org."};
    ask.edns = true;
    ask.options = std::move(options);
    return server.ask(ask, client);
  }
};

TEST_F(Rfc7828, S3_3_2_TimeoutIsToldToWhoAsks) {
  EXPECT_EQ(ask({0, 11, 0, 0}).options.at(11), (Octets{1, 44}));  // 30 s
  EXPECT_EQ(ask({}).options.count(11), 0U);
}

TEST_F(Rfc7828, S3_3_2_OptionIsIgnoredOverUdp) {
  client.transport = answer::Transport::Udp;
  const Reply reply = ask({0, 11, 0, 0});
  EXPECT_EQ(reply.answer.size(), 1U);
  EXPECT_EQ(reply.options.count(11), 0U);
}

TEST_F(Rfc7828, Rfc7830_S4_PaddingOfAQueryIsIgnored) {
  const Reply reply = ask({0, 12, 0, 3, 0, 0, 0});
  EXPECT_EQ(reply.answer.size(), 1U);
  EXPECT_TRUE(reply.options.empty());
}

}  // namespace
}  // namespace conformance
