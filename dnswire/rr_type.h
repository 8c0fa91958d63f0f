// RR types, classes and TTLs, named as IANA writes them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "dnswire/error.h"

namespace dnswire {

enum class RrType : std::uint16_t {
  A = 1,
  NS = 2,
  CNAME = 5,
  SOA = 6,
  PTR = 12,
  MX = 15,
  TXT = 16,    // RFC 1035
  AAAA = 28,   // RFC 3596
  SRV = 33,    // RFC 2782
  DNAME = 39,  // RFC 6672
  OPT = 41,    // RFC 6891
  DS = 43,     // RFC 4034
  CAA = 257,   // RFC 8659
  TKEY = 249,
  TSIG = 250,
  IXFR = 251,
  AXFR = 252,
  MAILB = 253,
  MAILA = 254,
  ANY = 255,
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
