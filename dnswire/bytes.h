// Octets and the big-endian integers inside them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace dnswire {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

// Network byte order (RFC 1035 2.3.2). Requires: two (four) octets at `from` (`to`).
[[nodiscard]] constexpr std::uint16_t load16(const std::uint8_t* from) noexcept {
  return static_cast<std::uint16_t>((from[0] << 8) | from[1]);
}
[[nodiscard]] constexpr std::uint32_t load32(const std::uint8_t* from) noexcept {
  return (std::uint32_t{load16(from)} << 16) | load16(from + 2);
}
constexpr void store16(std::uint8_t* to, std::uint16_t value) noexcept {
  to[0] = static_cast<std::uint8_t>(value >> 8);
  to[1] = static_cast<std::uint8_t>(value);
}
constexpr void store32(std::uint8_t* to, std::uint32_t value) noexcept {
  store16(to, static_cast<std::uint16_t>(value >> 16));
  store16(to + 2, static_cast<std::uint16_t>(value));
}

}  // namespace dnswire
