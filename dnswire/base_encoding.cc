#include "dnswire/base_encoding.h"

#include "dnswire/presentation.h"

namespace dnswire {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::string_view kHexDigits = "0123456789ABCDEF";
constexpr std::string_view kBase32HexDigits = "0123456789abcdefghijklmnopqrstuv";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Adds the octets in groups of `bits`, the last one filled with zeros.
void append_digits(std::string& text, Bytes octets, std::string_view alphabet, unsigned bits) {
  std::uint32_t pending = 0;
  unsigned pending_bits = 0;
  for (const std::uint8_t octet : octets) {
    pending = pending << 8 | octet;
    for (pending_bits += 8; pending_bits >= bits;) {
      pending_bits -= bits;
      text += alphabet[pending >> pending_bits & ((1U << bits) - 1)];
    }
    pending &= (1U << pending_bits) - 1;
  }
  if (pending_bits > 0) text += alphabet[pending << (bits - pending_bits)];
}

// A whole digit that is left over, or a bit that is set there, is an error.
template <class ToValue>
Result<void> read_digits(std::string_view text, unsigned bits, ToValue to_value, Octets& octets) {
  std::uint32_t pending = 0;
  unsigned pending_bits = 0;
  for (const char character : text) {
    const std::optional<std::uint8_t> value = to_value(character);
    if (!value) return tl::unexpected(Error::BadEncoding);
    pending = pending << bits | *value;
    pending_bits += bits;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    octets.push_back(static_cast<std::uint8_t>(pending >> pending_bits));
    pending &= (1U << pending_bits) - 1;
  }
  if (pending_bits >= bits || pending != 0) return tl::unexpected(Error::BadEncoding);
  return {};
}

std::optional<std::uint8_t> base32hex_digit(char raw) noexcept {
  const auto found = kBase32HexDigits.find(to_lower(raw));
  if (found == kBase32HexDigits.npos) return std::nullopt;
  return static_cast<std::uint8_t>(found);
}

std::optional<std::uint8_t> base64_digit(char character) noexcept {
  if (character >= 'A' && character <= 'Z') return static_cast<std::uint8_t>(character - 'A');
  if (character >= 'a' && character <= 'z') return static_cast<std::uint8_t>(character - 'a' + 26);
  if (is_digit(character)) return static_cast<std::uint8_t>(character - '0' + 52);
  if (character == '+') return std::uint8_t{62};
  if (character == '/') return std::uint8_t{63};
  return std::nullopt;
}

}  // namespace

std::optional<std::uint8_t> hex_digit(char raw) noexcept {
  const char character = to_lower(raw);
  if (is_digit(character)) return static_cast<std::uint8_t>(character - '0');
  if (character < 'a' || character > 'f') return std::nullopt;
  return static_cast<std::uint8_t>(character - 'a' + 10);
}

void append_hex(std::string& text, Bytes octets) { append_digits(text, octets, kHexDigits, 4); }

void append_base32hex(std::string& text, Bytes octets) {
  append_digits(text, octets, kBase32HexDigits, 5);
}

void append_base64(std::string& text, Bytes octets) {
  append_digits(text, octets, kBase64Digits, 6);
  if (const std::size_t rest = octets.size() % 3; rest > 0) text.append(3 - rest, '=');
}

Result<void> read_hex(std::string_view text, Octets& octets) {
  return read_digits(text, 4, hex_digit, octets);
}

Result<void> read_base32hex(std::string_view text, Octets& octets) {
  return read_digits(text, 5, base32hex_digit, octets);
}

Result<void> read_base64(std::string_view text, Octets& octets) {
  if (text.size() % 4 != 0) return tl::unexpected(Error::BadEncoding);
  if (text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  return read_digits(text, 6, base64_digit, octets);
}

}  // namespace dnswire
