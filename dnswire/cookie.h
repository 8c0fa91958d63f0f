// DNS cookies: who holds one has received an answer at its address before. RFC 7873, RFC 9018.
#pragma once

#include <array>
#include <cstdint>

#include "dnswire/address.h"
#include "dnswire/bytes.h"

namespace dnswire {

// Seconds since 1970 modulo 2^32: compared as serial numbers (RFC 1982), good past 2038 and 2106.
using UnixTime = std::uint32_t;

// Shared by all servers that answer at one address. RFC 9018 5.
using CookieSecret = std::array<std::uint8_t, 16>;

inline constexpr std::size_t kClientCookieSize = 8;  // RFC 7873 4.1
inline constexpr std::size_t kCookieSize = 24;       // the client's and ours, RFC 9018 4
using CookieOption = std::array<std::uint8_t, kCookieSize>;

// Requires: eight octets or more of `client`, of which the first eight count. RFC 9018 4.
[[nodiscard]] CookieOption make_cookie(const CookieSecret& secret, Bytes client,
                                       const IpAddress& address, UnixTime now) noexcept;

enum class CookieState : std::uint8_t {
  Invalid,  // not made by this secret for this client at this address, or out of its time
  Aging,    // valid, and time for a new one: over half an hour old
  Fresh,
};

// Takes as long for a wrong cookie as for a right one. Valid from an hour ago to five minutes ahead
// (RFC 9018 4.3).
[[nodiscard]] CookieState check_cookie(const CookieSecret& secret, Bytes cookie,
                                       const IpAddress& address, UnixTime now) noexcept;

}  // namespace dnswire
