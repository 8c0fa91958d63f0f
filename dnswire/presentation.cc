#include "dnswire/presentation.h"

#include <charconv>

namespace dnswire {

Result<std::uint8_t> read_octet(std::string_view text, std::size_t& at) noexcept {
  const char first = text[at++];
  if (first != '\\') return static_cast<std::uint8_t>(first);
  if (at == text.size()) return tl::unexpected(Error::BadEscape);
  if (!is_digit(text[at])) return static_cast<std::uint8_t>(text[at++]);
  if (text.size() - at < 3) return tl::unexpected(Error::BadEscape);
  const auto value = read_number(text.substr(at, 3), 255);
  if (!value) return tl::unexpected(Error::BadEscape);
  at += 3;
  return static_cast<std::uint8_t>(*value);
}

Result<void> read_octets(std::string_view text, std::size_t largest, Error too_long,
                         std::vector<std::uint8_t>& octets) {
  const std::size_t start = octets.size();
  for (std::size_t at = 0; at < text.size();) {
    const auto octet = read_octet(text, at);
    if (!octet) return tl::unexpected(octet.error());
    if (octets.size() - start == largest) return tl::unexpected(too_long);
    octets.push_back(*octet);
  }
  return {};
}

void append_decimal_escape(std::string& text, std::uint8_t octet) {
  text += '\\';
  text += static_cast<char>('0' + octet / 100);
  text += static_cast<char>('0' + octet / 10 % 10);
  text += static_cast<char>('0' + octet % 10);
}

void append_quoted(std::string& text, Bytes octets) {
  text += '"';
  for (const std::uint8_t octet : octets) {
    if (octet != ' ' && !is_graphic(octet)) {
      append_decimal_escape(text, octet);
      continue;
    }
    if (octet == '"' || octet == '\\') text += '\\';
    text += static_cast<char>(octet);
  }
  text += '"';
}

Result<std::uint32_t> read_number(std::string_view text, std::uint32_t largest) noexcept {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem == std::errc::invalid_argument || stop != end) {
    return tl::unexpected(Error::BadNumber);
  }
  if (problem != std::errc{} || value > largest) return tl::unexpected(Error::NumberTooLarge);
  return value;
}

}  // namespace dnswire
