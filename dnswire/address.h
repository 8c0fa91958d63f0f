// IPv4 and IPv6 addresses and prefixes as values.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "dnswire/bytes.h"
#include "dnswire/error.h"

namespace dnswire {

enum class Family : std::uint8_t { V4, V6 };

class IpAddress {
 public:
  constexpr IpAddress() noexcept = default;  // 0.0.0.0

  // Requires: 4 (V4) or 16 (V6) octets.
  [[nodiscard]] static IpAddress from_octets(Family family, Bytes octets) noexcept;
  // Dotted quad or RFC 4291 2.2 text; no zone, no prefix, nothing around it.
  [[nodiscard]] static Result<IpAddress> from_text(std::string_view text) noexcept;

  [[nodiscard]] constexpr Family family() const noexcept { return family_; }
  [[nodiscard]] constexpr unsigned bits() const noexcept {
    return family_ == Family::V4 ? 32 : 128;
  }
  [[nodiscard]] constexpr Bytes octets() const noexcept { return {octets_.data(), bits() / 8}; }
  // Bit 0 is the most significant one. Requires: index < bits().
  [[nodiscard]] constexpr bool bit(unsigned index) const noexcept {
    return ((octets_[index / 8] >> (7 - index % 8)) & 1) != 0;
  }
  // The address with every bit from `length` on cleared.
  [[nodiscard]] IpAddress masked(unsigned length) const noexcept;
  // The IPv4 address inside an IPv6 one, where there is one: v4-mapped (RFC 4291 2.5.5.2),
  // 6to4 (RFC 3056), Teredo client (RFC 4380), NAT64 well-known prefix (RFC 6052). Otherwise
  // itself.
  [[nodiscard]] IpAddress unwrapped() const noexcept;

  [[nodiscard]] std::string to_text() const;  // RFC 5952

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) noexcept = default;

 private:
  Family family_ = Family::V4;
  std::array<std::uint8_t, 16> octets_{};  // IPv4 uses the first four, the others stay zero
};

struct Prefix {
  IpAddress address;        // masked to `length`
  std::uint8_t length = 0;  // bits

  // "192.0.2.0/24"; a bare address is its own /32 or /128. Host bits that are set are an error
  // (Error::HostBitsSet), a length over the family's is Error::NumberTooLarge.
  [[nodiscard]] static Result<Prefix> from_text(std::string_view text) noexcept;
  [[nodiscard]] bool contains(const IpAddress& other) const noexcept;  // same family only
  [[nodiscard]] std::string to_text() const;

  friend constexpr auto operator<=>(const Prefix&, const Prefix&) noexcept = default;
};

}  // namespace dnswire
