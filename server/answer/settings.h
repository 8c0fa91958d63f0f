#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dnswire/cookie.h"

namespace answer {

// What a server says of itself, and what it asks of its clients.
struct Settings {
  // Which of several servers this is: NSID (RFC 5001), hostname.bind and id.server (RFC 4892).
  // At most dnswire::kMaxNsidSize octets; empty: not told.
  std::string name;
  std::string version;  // version.bind, version.server; at most 250 octets; empty: not told
  std::vector<dnswire::CookieSecret>
      cookie_secrets;                 // the first signs, all verify; none: no cookies
  bool require_cookies = false;       // over UDP; who has none is sent to TCP
  std::uint16_t tcp_keepalive = 100;  // units of 100 ms: how long an idle TCP client may stay
};

}  // namespace answer
