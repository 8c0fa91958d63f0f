// EDNS(0) and the options that we understand.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dnswire/address.h"
#include "dnswire/bytes.h"

namespace dnswire {

inline constexpr std::uint16_t kMinUdpSize = 512;   // RFC 1035 2.3.4, RFC 6891 6.2.3
inline constexpr std::uint16_t kOurUdpSize = 1232;  // fits every IPv6 path unfragmented

enum class EdnsOption : std::uint16_t {
  Nsid = 3,            // RFC 5001
  ClientSubnet = 8,    // RFC 7871
  Cookie = 10,         // RFC 7873
  Keepalive = 11,      // RFC 7828
  ExtendedError = 15,  // RFC 8914
};

// Where a client is, as its resolver tells it. RFC 7871 6.
struct ClientSubnet {
  // Family 0 on the wire: "do not use my address", allowed with source prefix 0 alone; `address`
  // is then 0.0.0.0.
  bool unspecified_family = false;
  IpAddress address;               // bits behind source_prefix are zero
  std::uint8_t source_prefix = 0;  // bits
  std::uint8_t scope_prefix = 0;   // bits; zero in queries
};

// RFC 8914 4 and IANA's registry, as far as we say them.
enum class ExtendedErrorCode : std::uint16_t {
  Other = 0,
  Prohibited = 18,
  NotAuthoritative = 20,
  NotSupported = 21,
  InvalidQueryType = 30,  // RFC 9824
};

// Why an answer is what it is, for the person who asks.
struct ExtendedError {
  ExtendedErrorCode code = ExtendedErrorCode::Other;
  std::string_view text;  // at most kMaxErrorText octets of UTF-8
};
inline constexpr std::size_t kMaxErrorText = 48;

// The OPT pseudo-record of a message. RFC 6891 6.1.
// Borrows: cookie, NSID and text; those of a query stand in the message.
struct Edns {
  std::uint16_t udp_size = kMinUdpSize;  // as sent; below 512 counts as 512
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::optional<ClientSubnet> client_subnet;
  // The client's eight octets, then 8 to 32 of a server's (RFC 7873 4); empty: no cookie.
  Bytes cookie;
  std::optional<Bytes> nsid;               // in queries it is there to ask for one
  std::optional<std::uint16_t> keepalive;  // units of 100 ms; in queries it is there to ask
  std::optional<ExtendedError> error;      // in replies only
};
inline constexpr std::size_t kMaxNsidSize = 64;  // what is longer might not fit beside the question

}  // namespace dnswire
