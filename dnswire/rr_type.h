// RR types, classes and TTLs, named as IANA writes them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "dnswire/error.h"

namespace dnswire {

// Those that the server knows the RDATA of, and those that are only asked for. Others have a
// mnemonic, and nothing else, here.
enum class RrType : std::uint16_t {
  A = 1,            // RFC 1035
  NS = 2,           // RFC 1035
  CNAME = 5,        // RFC 1035
  SOA = 6,          // RFC 1035
  MB = 7,           // RFC 1035
  MG = 8,           // RFC 1035
  MR = 9,           // RFC 1035
  PTR = 12,         // RFC 1035
  HINFO = 13,       // RFC 1035
  MINFO = 14,       // RFC 1035
  MX = 15,          // RFC 1035
  TXT = 16,         // RFC 1035
  RP = 17,          // RFC 1183
  AFSDB = 18,       // RFC 1183
  RT = 21,          // RFC 1183
  PX = 26,          // RFC 2163
  AAAA = 28,        // RFC 3596
  LOC = 29,         // RFC 1876
  SRV = 33,         // RFC 2782
  NAPTR = 35,       // RFC 3403
  KX = 36,          // RFC 2230
  CERT = 37,        // RFC 4398
  DNAME = 39,       // RFC 6672
  OPT = 41,         // RFC 6891
  APL = 42,         // RFC 3123
  DS = 43,          // RFC 4034
  SSHFP = 44,       // RFC 4255
  RRSIG = 46,       // RFC 4034
  NSEC = 47,        // RFC 4034
  DNSKEY = 48,      // RFC 4034
  DHCID = 49,       // RFC 4701
  NSEC3 = 50,       // RFC 5155
  NSEC3PARAM = 51,  // RFC 5155
  TLSA = 52,        // RFC 6698
  SMIMEA = 53,      // RFC 8162
  CDS = 59,         // RFC 7344
  CDNSKEY = 60,     // RFC 7344
  OPENPGPKEY = 61,  // RFC 7929
  CSYNC = 62,       // RFC 7477
  ZONEMD = 63,      // RFC 8976
  SVCB = 64,        // RFC 9460
  HTTPS = 65,       // RFC 9460
  SPF = 99,         // RFC 7208
  NID = 104,        // RFC 6742
  L32 = 105,        // RFC 6742
  L64 = 106,        // RFC 6742
  LP = 107,         // RFC 6742
  EUI48 = 108,      // RFC 7043
  EUI64 = 109,      // RFC 7043
  NXNAME = 128,     // RFC 9824 3.4: never asked for
  TKEY = 249,       // RFC 2930
  TSIG = 250,       // RFC 8945
  IXFR = 251,       // RFC 1995
  AXFR = 252,       // RFC 5936
  MAILB = 253,      // RFC 1035
  MAILA = 254,      // RFC 1035
  ANY = 255,        // RFC 8482
  URI = 256,        // RFC 7553
  CAA = 257,        // RFC 8659
  RESINFO = 261,    // RFC 9606
  WALLET = 262,
};

enum class RrClass : std::uint16_t { IN = 1, CH = 3, HS = 4, NONE = 254, ANY = 255 };

// Seconds, at most 2^31 - 1 (RFC 2181 8).
using Ttl = std::chrono::duration<std::uint32_t>;
inline constexpr Ttl kMaxTtl{0x7fffffff};

// A mnemonic, or TYPE123 / CLASS123 (RFC 3597 5). Reading ignores case.
[[nodiscard]] std::string to_text(RrType type);
[[nodiscard]] std::string to_text(RrClass klass);
[[nodiscard]] Result<RrType> rr_type_from_text(std::string_view text) noexcept;
[[nodiscard]] Result<RrClass> rr_class_from_text(std::string_view text) noexcept;

// Types that are asked for or travel with a message and are never stored: OPT, TSIG, TKEY, 128-255.
[[nodiscard]] constexpr bool is_meta(RrType type) noexcept {
  const auto number = static_cast<std::uint16_t>(type);
  return number == 0 || type == RrType::OPT || (number >= 128 && number <= 255);  // RFC 6895 3.1
}

}  // namespace dnswire
