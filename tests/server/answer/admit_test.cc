#include "server/answer/admit.h"

#include <gtest/gtest.h>

namespace answer {
namespace {

using dnswire::Bytes;
using dnswire::CookieOption;
using dnswire::IpAddress;

constexpr dnswire::UnixTime kNow = 1'700'000'000;

struct Admit : testing::Test {
  Settings settings;
  Client udp{IpAddress::from_text("192.0.2.1").value(), Transport::Udp};
  Client tcp{udp.address, Transport::Tcp};
  const CookieOption client_half{1, 2, 3, 4, 5, 6, 7, 8};

  Admit() { settings.cookie_secrets = {{1}, {2}}; }
  Bytes half() const { return Bytes(client_half).first(dnswire::kClientCookieSize); }
  CookieOption made(std::size_t secret, dnswire::UnixTime when) const {
    return make_cookie(settings.cookie_secrets[secret], half(), udp.address, when);
  }
};

TEST_F(Admit, AnswersEveryoneWhereCookiesAreNotRequired) {
  EXPECT_EQ(admit({}, udp, settings, kNow).admission, Admission::Answer);
  EXPECT_EQ(admit(half(), udp, settings, kNow).admission, Admission::Answer);
}

TEST_F(Admit, MakesACookieForWhoSendsHalfOfOne) {
  EXPECT_FALSE(admit({}, udp, settings, kNow).has_cookie);
  const Admitted admitted = admit(half(), udp, settings, kNow);
  EXPECT_TRUE(admitted.has_cookie);
  EXPECT_EQ(admitted.cookie, made(0, kNow));
}

TEST_F(Admit, KeepsAFreshCookieOfTheFirstSecret) {
  EXPECT_EQ(admit(made(0, kNow - 1799), udp, settings, kNow).cookie, made(0, kNow - 1799));
  EXPECT_EQ(admit(made(0, kNow - 1800), udp, settings, kNow).cookie, made(0, kNow));
  EXPECT_EQ(admit(made(1, kNow), udp, settings, kNow).cookie, made(0, kNow));
}

TEST_F(Admit, AsksForACookieWhereTheyAreRequired) {
  settings.require_cookies = true;
  EXPECT_EQ(admit({}, udp, settings, kNow).admission, Admission::OverTcp);
  EXPECT_EQ(admit(half(), udp, settings, kNow).admission, Admission::BadCookie);
  EXPECT_EQ(admit(made(0, kNow - 3601), udp, settings, kNow).admission, Admission::BadCookie);
  for (const std::size_t secret : {0U, 1U}) {
    EXPECT_EQ(admit(made(secret, kNow), udp, settings, kNow).admission, Admission::Answer);
  }
}

TEST_F(Admit, AsksNothingOfTcp) {
  settings.require_cookies = true;
  EXPECT_EQ(admit({}, tcp, settings, kNow).admission, Admission::Answer);
  EXPECT_EQ(admit(half(), tcp, settings, kNow).admission, Admission::Answer);
}

TEST_F(Admit, LeavesCookiesAloneWithoutASecret) {
  settings.cookie_secrets.clear();
  settings.require_cookies = true;
  EXPECT_EQ(admit({}, udp, settings, kNow).admission, Admission::Answer);
  EXPECT_FALSE(admit(half(), udp, settings, kNow).has_cookie);
}

TEST_F(Admit, TellsWhatTheQueryHadForACookie) {
  CookieOption forged = made(0, kNow);
  forged.back() ^= 1;
  EXPECT_EQ(admit({}, udp, settings, kNow).use, CookieUse::None);
  EXPECT_EQ(admit(half(), udp, settings, kNow).use, CookieUse::ClientOnly);
  EXPECT_EQ(admit(made(1, kNow), udp, settings, kNow).use, CookieUse::Valid);
  EXPECT_EQ(admit(forged, udp, settings, kNow).use, CookieUse::Invalid);
}

}  // namespace
}  // namespace answer
