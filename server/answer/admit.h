#pragma once

#include <cstdint>

#include "dnswire/cookie.h"
#include "dnswire/query.h"
#include "server/answer/client.h"
#include "server/answer/settings.h"

namespace answer {

// What a client that asks is given.
enum class Admission : std::uint8_t {
  Answer,
  BadCookie,  // a cookie to ask again with (RFC 7873 5.2.3)
  OverTcp,    // TC: an answer over TCP, where addresses cannot be forged
};

// What a query had for a cookie.
enum class CookieUse : std::uint8_t {
  None,
  ClientOnly,  // half of one: the client's
  Valid,
  Invalid,  // not of ours, for another address, or out of its time
};

// Who a client is, as far as cookies tell.
struct Admitted {
  Admission admission = Admission::Answer;
  CookieUse use = CookieUse::None;
  bool has_cookie = false;       // `cookie` is to be sent
  dnswire::CookieOption cookie;  // the client's half and ours
};

// Cookies are required over UDP only: whoever completes a TCP handshake has shown its address.
// RFC 7873 5.2, RFC 9018.
[[nodiscard]] Admitted admit(dnswire::Bytes cookie, const Client& client, const Settings& settings,
                             dnswire::UnixTime now) noexcept;

}  // namespace answer
