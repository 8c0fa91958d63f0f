#include "dnswire/period.h"

#include "dnswire/presentation.h"

namespace dnswire {
namespace {

constexpr std::uint32_t kLargest = 0xffffffff;

// Seconds in one; 0 for a character that is no unit.
std::uint32_t seconds_per(char unit) noexcept {
  switch (to_lower(unit)) {
    case 'w':
      return 604800;
    case 'd':
      return 86400;
    case 'h':
      return 3600;
    case 'm':
      return 60;
    case 's':
      return 1;
    default:
      return 0;
  }
}

}  // namespace

Result<std::uint32_t> period_from_text(std::string_view text) noexcept {
  if (text.empty() || is_digit(text.back())) return read_number(text, kLargest);
  std::uint64_t total = 0;  // five units at most: no overflow
  std::uint32_t last_unit = kLargest;
  while (!text.empty()) {
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) ++digits;
    if (digits == text.size()) return tl::unexpected(Error::BadNumber);
    const auto number = read_number(text.substr(0, digits), kLargest);
    if (!number && number.error() == Error::BadNumber) return number;
    const std::uint32_t unit = seconds_per(text[digits]);
    if (unit == 0 || unit >= last_unit) return tl::unexpected(Error::BadNumber);
    last_unit = unit;
    total += (number ? *number : std::uint64_t{kLargest} + 1) * unit;
    text.remove_prefix(digits + 1);
  }
  if (total > kLargest) return tl::unexpected(Error::NumberTooLarge);
  return static_cast<std::uint32_t>(total);
}

}  // namespace dnswire
