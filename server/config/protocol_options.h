// What fairlead.yaml says of the protocol: what the server tells of itself, cookies, sockets, TCP.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace config {

// What the server tells of itself. Absent: the usual text; empty: nothing.
struct IdentityOptions {
  std::optional<std::string> name;     // NSID, hostname.bind, id.server; usual: the host's name
  std::optional<std::string> version;  // version.bind, version.server; usual: "fairlead X.Y.Z"

  friend bool operator==(const IdentityOptions&, const IdentityOptions&) = default;
};

// DNS cookies, RFC 7873.
struct CookieOptions {
  bool enabled = true;
  std::string secrets;         // file
  bool names_secrets = false;  // the operator did: the file has to be there
  bool require = false;        // over UDP

  friend bool operator==(const CookieOptions&, const CookieOptions&) = default;
};

struct UdpOptions {
  // Octets that the kernel keeps for each socket: a burst while a worker is scheduled away.
  std::uint32_t receive_buffer = 4 * 1024 * 1024;
  std::uint32_t send_buffer = 4 * 1024 * 1024;
  // How long a worker without queries looks for the next before it sleeps; 0: not at all.
  std::chrono::microseconds busy_poll{0};

  friend bool operator==(const UdpOptions&, const UdpOptions&) noexcept = default;
};

inline constexpr std::uint32_t kUsualFastOpen = 256;

struct TcpOptions {
  std::chrono::milliseconds idle{10'000};    // without a query; RFC 7766 6.2.3
  std::chrono::milliseconds message{2'000};  // from the first octet of a query to its last
  std::chrono::milliseconds stall{2'000};    // a client that owes us room and makes none
  std::size_t max_clients = 1024;
  std::size_t max_per_address = 32;  // an IPv4 address, or an IPv6 /64
  std::size_t max_owed =
      128 * 1024;  // octets of replies composed ahead of a client that reads slowly
  std::uint32_t fast_open = kUsualFastOpen;  // handshakes pending, RFC 7413; 0: off

  friend bool operator==(const TcpOptions&, const TcpOptions&) noexcept = default;
};

}  // namespace config
