#include "dnswire/cookie.h"

#include <algorithm>
#include <cassert>

#include "dnswire/siphash.h"

namespace dnswire {
namespace {

// RFC 9018 4: client cookie, version, three reserved octets, time, hash.
constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kTimeAt = 12;
constexpr std::size_t kHashAt = 16;
constexpr std::uint8_t kVersion = 1;

constexpr std::int32_t kLongestPast = 3600;   // s, RFC 9018 4.3
constexpr std::int32_t kLongestFuture = 300;  // s
constexpr std::int32_t kFreshFor = 1800;      // s

std::array<std::uint8_t, 8> sign(const CookieSecret& secret, Bytes signed_part,
                                 const IpAddress& address) noexcept {
  std::array<std::uint8_t, kHashAt + 16> message;
  const auto end = std::copy_n(signed_part.begin(), kHashAt, message.begin());
  const Bytes octets = address.octets();
  std::copy(octets.begin(), octets.end(), end);
  return siphash24(secret, Bytes(message).first(kHashAt + octets.size()));
}

}  // namespace

CookieOption make_cookie(const CookieSecret& secret, Bytes client, const IpAddress& address,
                         UnixTime now) noexcept {
  assert(client.size() >= kClientCookieSize);
  CookieOption cookie{};
  std::copy_n(client.begin(), kClientCookieSize, cookie.begin());
  cookie[kVersionAt] = kVersion;
  store32(&cookie[kTimeAt], now);
  const auto hash = sign(secret, cookie, address);
  std::copy(hash.begin(), hash.end(), cookie.begin() + kHashAt);
  return cookie;
}

CookieState check_cookie(const CookieSecret& secret, Bytes cookie, const IpAddress& address,
                         UnixTime now) noexcept {
  if (cookie.size() != kCookieSize || cookie[kVersionAt] != kVersion) return CookieState::Invalid;
  const auto hash = sign(secret, cookie, address);
  unsigned difference = 0;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    difference |= static_cast<unsigned>(hash[i] ^ cookie[kHashAt + i]);
  }
  // Modulo 2^32, read as a signed number (RFC 1982 3.2).
  const auto age = static_cast<std::int32_t>(now - load32(&cookie[kTimeAt]));
  if (difference != 0 || age > kLongestPast || age < -kLongestFuture) return CookieState::Invalid;
  return age < kFreshFor ? CookieState::Fresh : CookieState::Aging;
}

}  // namespace dnswire
