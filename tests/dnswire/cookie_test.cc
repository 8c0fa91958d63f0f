#include "dnswire/cookie.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace dnswire {
namespace {

using Octets = std::vector<std::uint8_t>;

Octets from_hex(std::string_view hex) {
  Octets octets;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    octets.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return octets;
}

CookieSecret secret(std::string_view hex) {
  CookieSecret result;
  std::ranges::copy(from_hex(hex), result.begin());
  return result;
}

IpAddress address(std::string_view text) { return IpAddress::from_text(text).value(); }

const CookieSecret kSecret = secret("e5e973e5a6b2a43f48e7dc849e37bfcf");

// RFC 9018 Appendix A: what servers of other makers sign and accept.
TEST(Cookie, IsThatOfRfc9018A1) {
  const CookieOption cookie =
      make_cookie(kSecret, from_hex("2464c4abcf10c957"), address("198.51.100.100"), 1559731985);
  EXPECT_EQ(Octets(cookie.begin(), cookie.end()),
            from_hex("2464c4abcf10c957010000005cf79f111f8130c3eee29480"));
}

TEST(Cookie, IsRenewedAsInRfc9018A2) {
  const Octets old = from_hex("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
  const IpAddress client = address("198.51.100.100");
  EXPECT_EQ(check_cookie(kSecret, old, client, 1559734385), CookieState::Aging);
  const CookieOption renewed = make_cookie(kSecret, old, client, 1559734385);
  EXPECT_EQ(Octets(renewed.begin(), renewed.end()),
            from_hex("2464c4abcf10c957010000005cf7a871d4a564a1442aca77"));
}

TEST(Cookie, WithReservedBitsSetIsValidAsInRfc9018A3) {
  const Octets old = from_hex("fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5");
  const IpAddress client = address("203.0.113.203");
  EXPECT_EQ(check_cookie(kSecret, old, client, 1559730000), CookieState::Aging);
  EXPECT_EQ(check_cookie(kSecret, old, client, 1559734700), CookieState::Invalid);  // too old
  const CookieOption renewed = make_cookie(kSecret, old, client, 1559734700);
  EXPECT_EQ(Octets(renewed.begin(), renewed.end()),
            from_hex("fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e"));
}

TEST(Cookie, OfAnIpv6ClientIsThatOfRfc9018A4) {
  const CookieSecret former = secret("dd3bdf9344b678b185a6f5cb60fca715");
  const CookieSecret latter = secret("445536bcd2513298075a5d379663c962");
  const IpAddress client = address("2001:db8:220:1:59de:d0f4:8769:82b8");
  const Octets old = from_hex("22681ab97d52c298010000005cf7c57926556bd0934c72f8");
  EXPECT_EQ(check_cookie(latter, old, client, 1559741961), CookieState::Invalid);
  EXPECT_EQ(check_cookie(former, old, client, 1559741961), CookieState::Fresh);
  const CookieOption renewed = make_cookie(latter, old, client, 1559741961);
  EXPECT_EQ(Octets(renewed.begin(), renewed.end()),
            from_hex("22681ab97d52c298010000005cf7c609a6bb79d16625507a"));
}

struct CookieTime : testing::Test {
  const IpAddress client = address("192.0.2.1");
  const Octets half = from_hex("0102030405060708");

  CookieState state_after(UnixTime made, std::int64_t seconds) {
    const CookieOption cookie = make_cookie(kSecret, half, client, made);
    return check_cookie(kSecret, cookie, client, static_cast<UnixTime>(made + seconds));
  }
};

TEST_F(CookieTime, IsFreshHalfAnHourValidAnHourAndFiveMinutesAhead) {
  for (const UnixTime made : {1'700'000'000U, 0x7fffffffU, 0xffffffffU, 0U}) {  // 2023 2038 2106
    EXPECT_EQ(state_after(made, 0), CookieState::Fresh) << made;
    EXPECT_EQ(state_after(made, 1799), CookieState::Fresh) << made;
    EXPECT_EQ(state_after(made, 1800), CookieState::Aging) << made;
    EXPECT_EQ(state_after(made, 3600), CookieState::Aging) << made;
    EXPECT_EQ(state_after(made, 3601), CookieState::Invalid) << made;
    EXPECT_EQ(state_after(made, -300), CookieState::Fresh) << made;
    EXPECT_EQ(state_after(made, -301), CookieState::Invalid) << made;
  }
}

TEST_F(CookieTime, EveryOctetCounts) {
  const CookieOption cookie = make_cookie(kSecret, half, client, 1'700'000'000);
  for (std::size_t i = 0; i < cookie.size(); ++i) {
    CookieOption damaged = cookie;
    damaged[i] ^= 1;
    EXPECT_EQ(check_cookie(kSecret, damaged, client, 1'700'000'000), CookieState::Invalid) << i;
  }
  EXPECT_EQ(check_cookie(kSecret, cookie, address("192.0.2.2"), 1'700'000'000),
            CookieState::Invalid);
  EXPECT_EQ(check_cookie(secret("00000000000000000000000000000000"), cookie, client, 1'700'000'000),
            CookieState::Invalid);
}

TEST_F(CookieTime, OfAnotherSizeIsInvalid) {
  const CookieOption cookie = make_cookie(kSecret, half, client, 1'700'000'000);
  Octets longer(cookie.begin(), cookie.end());
  longer.push_back(0);
  EXPECT_EQ(check_cookie(kSecret, longer, client, 1'700'000'000), CookieState::Invalid);
  for (const std::size_t size : {0U, 8U, 16U, 23U}) {
    EXPECT_EQ(check_cookie(kSecret, Bytes(cookie).first(size), client, 1'700'000'000),
              CookieState::Invalid);
  }
}

}  // namespace
}  // namespace dnswire
