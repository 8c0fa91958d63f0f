#include "server/answer/reply_edns.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace answer {
namespace {

using dnswire::Edns;
using dnswire::IpAddress;

struct ReplyEdns : testing::Test {
  Settings settings;
  Response response;
  Admitted admitted;
  Client client;
  std::optional<Edns> asked{std::in_place};

  std::optional<Edns> reply() { return reply_edns(asked, response, admitted, client, settings); }
};

TEST_F(ReplyEdns, IsThereForWhoSentOne) {
  EXPECT_TRUE(reply());
  asked.reset();
  EXPECT_FALSE(reply());
}

TEST_F(ReplyEdns, HasNothingThatNobodyAskedFor) {
  settings.name = "fra1";
  client.transport = Transport::Tcp;
  const auto edns = reply();
  EXPECT_EQ(edns->udp_size, dnswire::kOurUdpSize);
  EXPECT_FALSE(edns->dnssec_ok || edns->client_subnet || edns->nsid || edns->keepalive ||
               edns->error);
  EXPECT_TRUE(edns->cookie.empty());
}

TEST_F(ReplyEdns, BringsTheSubnetBackWithTheScope) {
  asked->dnssec_ok = true;
  asked->client_subnet =
      dnswire::ClientSubnet{false, IpAddress::from_text("192.0.2.0").value(), 24, 0};
  response.scope = 16;
  EXPECT_TRUE(reply()->dnssec_ok);
  EXPECT_EQ(reply()->client_subnet->scope_prefix, 16);
  EXPECT_EQ(reply()->client_subnet->source_prefix, 24);
}

TEST_F(ReplyEdns, HasTheCookieOfWhoWasAdmittedWithOne) {
  admitted.has_cookie = true;
  admitted.cookie = {1, 2, 3};
  EXPECT_TRUE(std::ranges::equal(reply()->cookie, admitted.cookie));
}

TEST_F(ReplyEdns, NamesTheServerToWhoAsks) {
  asked->nsid.emplace();
  EXPECT_FALSE(reply()->nsid);
  settings.name = "fra1";
  EXPECT_TRUE(std::ranges::equal(*reply()->nsid, settings.name));
}

TEST_F(ReplyEdns, TellsTheTimeoutOverTcpAlone) {
  asked->keepalive = 0;
  EXPECT_FALSE(reply()->keepalive);
  client.transport = Transport::Tcp;
  EXPECT_EQ(reply()->keepalive, 100);
}

}  // namespace
}  // namespace answer
