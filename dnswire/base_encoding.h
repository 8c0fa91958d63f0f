// Octets as hexadecimal digits, Base32 with the extended hex alphabet, and Base64. RFC 4648.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/error.h"

namespace dnswire {

[[nodiscard]] std::optional<std::uint8_t> hex_digit(char character) noexcept;

void append_hex(std::string& text, Bytes octets);        // in capitals
void append_base32hex(std::string& text, Bytes octets);  // small letters, no padding (RFC 5155 3.3)
void append_base64(std::string& text, Bytes octets);     // with padding

// These add to `octets`, or say Error::BadEncoding. Letters of either case, but for Base64; bits
// behind the last octet have to be zero, so that no two texts stand for the same octets.
[[nodiscard]] Result<void> read_hex(std::string_view text, std::vector<std::uint8_t>& octets);
[[nodiscard]] Result<void> read_base32hex(std::string_view text, std::vector<std::uint8_t>& octets);
[[nodiscard]] Result<void> read_base64(std::string_view text, std::vector<std::uint8_t>& octets);

}  // namespace dnswire
