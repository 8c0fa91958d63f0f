#pragma once

#include <cstdint>
#include <optional>

#include "dnswire/address.h"
#include "dnswire/bytes.h"

namespace dnswire {

inline constexpr std::uint16_t kMinUdpSize = 512;        // RFC 1035 2.3.4, RFC 6891 6.2.3
inline constexpr std::uint16_t kOurUdpSize = 1232;       // fits every IPv6 path unfragmented
inline constexpr std::uint16_t kOptionClientSubnet = 8;  // RFC 7871 6

// Where a client is, as its resolver tells it. RFC 7871 6.
struct ClientSubnet {
  // Family 0 on the wire: "do not use my address", allowed with source prefix 0 alone; `address`
  // is then 0.0.0.0.
  bool unspecified_family = false;
  IpAddress address;               // bits behind source_prefix are zero
  std::uint8_t source_prefix = 0;  // bits
  std::uint8_t scope_prefix = 0;   // bits; zero in queries
};

// The OPT pseudo-record of a query. RFC 6891 6.1.
struct Edns {
  std::uint16_t udp_size = kMinUdpSize;  // as sent; below 512 counts as 512
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::optional<ClientSubnet> client_subnet;
};

}  // namespace dnswire
