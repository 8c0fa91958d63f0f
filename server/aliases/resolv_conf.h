// The resolvers of the system, and how resolvers are named.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/address.h"

namespace aliases {

// A recursive resolver.
struct Server {
  dnswire::IpAddress address;
  std::uint16_t port = 53;
  std::uint32_t interface = 0;  // index, for an address that is local to a link (RFC 4007 11)

  [[nodiscard]] std::string to_text() const;  // "192.0.2.1:53", "[2001:db8::1]:53"
  friend bool operator==(const Server&, const Server&) = default;
};

// The resolvers that a text like /etc/resolv.conf names, the first three as in resolv.conf(5); the
// host itself if it names none. Lines that make no sense are skipped.
[[nodiscard]] std::vector<Server> parse_resolv_conf(std::string_view text);

// The same of a file; one that cannot be read names none.
[[nodiscard]] std::vector<Server> read_resolv_conf(const std::string& path);

}  // namespace aliases
