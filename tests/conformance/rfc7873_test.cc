// RFC 7873: DNS Cookies; RFC 9018: Interoperable DNS Server Cookies.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

constexpr dnswire::UnixTime kNow = 1'700'000'000;
constexpr unsigned kCookie = 10;

const answer::Client kUdp{dnswire::IpAddress::from_text("198.51.100.53").value()};
const answer::Client kTcp{kUdp.address, answer::Transport::Tcp};

struct Rfc7873 : testing::Test {
  Served server{{{"example.org.zone",
                  "@ 60 SOA ns.example.net. hostmaster 1 3600 900 604800 60\n"
                  "@ 60 NS ns.example.net.\nwww 60 A 192.0.2.1\n"}}};
  answer::Settings settings;
  const Octets half{1, 2, 3, 4, 5, 6, 7, 8};

  Rfc7873() {
    settings.cookie_secrets = {dnswire::CookieSecret{1}, dnswire::CookieSecret{2}};
    server.set(settings);
    server.set_time(kNow);
  }
  void require_cookies() {
    settings.require_cookies = true;
    server.set(settings);
  }
  Reply ask(const Octets& cookie, const answer::Client& client = kUdp) {
    Ask ask{"www.example.org."};
    ask.edns = true;
    ask.cookie = cookie;
    return server.ask(ask, client);
  }
  Octets signed_by(std::size_t secret, dnswire::UnixTime when = kNow) const {
    const auto cookie =
        dnswire::make_cookie(settings.cookie_secrets[secret], half, kUdp.address, when);
    return {cookie.begin(), cookie.end()};
  }
};

TEST_F(Rfc7873, S5_2_1_NoCookieBringsNone) {
  const Reply reply = ask({});
  EXPECT_EQ(reply.answer.size(), 1U);
  EXPECT_TRUE(reply.options.empty());
}

TEST_F(Rfc7873, S5_2_3_ClientCookieAloneIsAnsweredWithOurs) {
  const Reply reply = ask(half);
  EXPECT_EQ(reply.answer.size(), 1U);
  EXPECT_EQ(reply.options.at(kCookie), signed_by(0));
}

TEST_F(Rfc7873, S5_2_4_WrongServerCookieIsAnsweredAndReplaced) {
  Octets wrong = signed_by(0);
  wrong.back() ^= 1;
  const Reply reply = ask(wrong);
  EXPECT_EQ(reply.status, "NOERROR");
  EXPECT_EQ(reply.answer.size(), 1U);
  EXPECT_EQ(reply.options.at(kCookie), signed_by(0));
}

TEST_F(Rfc7873, S5_2_5_ValidCookieComesBack) {
  const Octets cookie = signed_by(0, kNow - 1000);
  EXPECT_EQ(ask(cookie).options.at(kCookie), cookie);
}

TEST_F(Rfc7873, Rfc9018_S4_3_CookieOverHalfAnHourOldIsRenewed) {
  EXPECT_EQ(ask(signed_by(0, kNow - 1800)).options.at(kCookie), signed_by(0));
}

TEST_F(Rfc7873, Rfc9018_S5_CookieOfAnotherSecretIsValidAndReplaced) {
  require_cookies();
  const Reply reply = ask(signed_by(1));
  EXPECT_EQ(reply.status, "NOERROR");
  EXPECT_EQ(reply.options.at(kCookie), signed_by(0));
}

TEST_F(Rfc7873, S5_2_2_MalformedLengthIsAFormatError) {
  for (const std::size_t size : {1U, 7U, 9U, 15U, 41U}) {
    Ask question{"www.example.org."};
    question.options = {0, 10, 0, static_cast<std::uint8_t>(size)};
    question.options.resize(4 + size);
    const Reply reply = server.ask(question);
    EXPECT_EQ(reply.status, "FORMERR") << size;
    EXPECT_EQ(reply.extended_error(), "0: cookie: neither 8 nor 16 to 40 octets");
  }
}

TEST_F(Rfc7873, S5_2_3_BadCookieWhereTheyAreRequired) {
  require_cookies();
  const Reply first = ask(half);
  EXPECT_EQ(first.status, "BADCOOKIE");
  EXPECT_TRUE(first.answer.empty());
  const Reply second = ask(first.options.at(kCookie));
  EXPECT_EQ(second.status, "NOERROR");
  EXPECT_EQ(second.answer.size(), 1U);
}

TEST_F(Rfc7873, ClientsWithoutCookiesAreSentToTcpWhereTheyAreRequired) {
  require_cookies();
  const Reply reply = ask({});
  EXPECT_EQ(reply.status, "NOERROR");
  EXPECT_EQ(reply.flags, "tc");
  EXPECT_TRUE(reply.answer.empty());
  EXPECT_EQ(server.ask({"www.example.org."}).flags, "tc");  // without EDNS, too
  EXPECT_EQ(ask({}, kTcp).answer.size(), 1U);
}

TEST_F(Rfc7873, TcpNeedsNoServerCookie) {
  require_cookies();
  const Reply reply = ask(half, kTcp);
  EXPECT_EQ(reply.answer.size(), 1U);
  EXPECT_EQ(reply.options.at(kCookie), signed_by(0));
}

TEST_F(Rfc7873, S5_4_CookieMayBeAskedForWithoutAQuestion) {
  Ask question{"."};
  question.edns = true;
  question.cookie = half;
  Octets message = to_bytes(question);
  message[5] = 0;                                             // QDCOUNT
  message.erase(message.begin() + 12, message.begin() + 17);  // the question
  const Reply reply = server.send(message);
  EXPECT_EQ(reply.status, "NOERROR");
  EXPECT_TRUE(reply.question.empty());
  EXPECT_EQ(reply.options.at(kCookie), signed_by(0));
}

TEST_F(Rfc7873, S5_2_3_ErrorsCarryTheCookieToo) {
  Ask question{"www.example.org."};
  question.cookie = half;
  question.options = {0, 8, 0, 1, 0};  // a client subnet that is none
  Reply reply = server.ask(question);
  EXPECT_EQ(reply.status, "FORMERR");
  EXPECT_EQ(reply.options.at(kCookie), signed_by(0));
  question.options.clear();
  Octets notify = to_bytes(question);
  notify[2] = 4 << 3;
  reply = server.send(notify);
  EXPECT_EQ(reply.status, "NOTIMP");
  EXPECT_EQ(reply.options.at(kCookie), signed_by(0));
}

TEST_F(Rfc7873, WithoutSecretsCookiesAreLeftAlone) {
  server.set({});
  const Reply reply = ask(half);
  EXPECT_EQ(reply.answer.size(), 1U);
  EXPECT_TRUE(reply.options.empty());
}

}  // namespace
}  // namespace conformance
