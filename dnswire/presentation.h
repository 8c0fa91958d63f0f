// Octets, escapes and numbers of the presentation format. For the sources of this folder.
// RFC 1035 5.1 (escapes), RFC 4343 (ASCII case).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/error.h"

namespace dnswire {

[[nodiscard]] constexpr bool is_digit(char character) noexcept {
  return character >= '0' && character <= '9';
}

[[nodiscard]] constexpr std::uint8_t to_lower(std::uint8_t octet) noexcept {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet | 0x20) : octet;
}

[[nodiscard]] constexpr char to_lower(char character) noexcept {
  return static_cast<char>(to_lower(static_cast<std::uint8_t>(character)));
}

// A character that prints by itself: neither a blank nor a control character, and ASCII.
[[nodiscard]] constexpr bool is_graphic(std::uint8_t octet) noexcept {
  return octet > 0x20 && octet < 0x7f;
}

// The octet that starts at `at`, written as itself, \X or \DDD; sets `at` behind it.
// Requires: at < text.size().
[[nodiscard]] Result<std::uint8_t> read_octet(std::string_view text, std::size_t& at) noexcept;

// Adds the octets of `text`, escapes resolved, to `octets`: `largest` of them at most, otherwise
// `too_long`.
[[nodiscard]] Result<void> read_octets(std::string_view text, std::size_t largest, Error too_long,
                                       std::vector<std::uint8_t>& octets);

// Adds the octet as \DDD.
void append_decimal_escape(std::string& text, std::uint8_t octet);

// Adds the octets in quotes, with escapes where they are needed.
void append_quoted(std::string& text, Bytes octets);

// Digits and nothing else, up to `largest`.
[[nodiscard]] Result<std::uint32_t> read_number(std::string_view text,
                                                std::uint32_t largest) noexcept;

}  // namespace dnswire
