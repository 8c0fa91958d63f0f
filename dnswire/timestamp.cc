#include "dnswire/timestamp.h"

#include <algorithm>
#include <chrono>

#include "dnswire/presentation.h"

namespace dnswire {
namespace {

constexpr std::size_t kDateSize = 14;  // YYYYMMDDHHmmSS: longer than any 32-bit number

// Requires: digits.
unsigned number_at(std::string_view digits, std::size_t at, std::size_t size) noexcept {
  unsigned value = 0;
  for (const char digit : digits.substr(at, size)) {
    value = 10 * value + static_cast<unsigned>(digit - '0');
  }
  return value;
}

void append_digits(std::string& text, unsigned value, std::size_t size) {
  const std::string digits = std::to_string(value);
  text.append(size - std::min(size, digits.size()), '0');
  text += digits;
}

}  // namespace

Result<std::uint32_t> timestamp_from_text(std::string_view text) noexcept {
  using namespace std::chrono;
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
    return tl::unexpected(Error::BadTime);
  }
  if (text.size() != kDateSize) {
    return read_number(text, 0xffffffff).map_error([](Error) { return Error::BadTime; });
  }
  const year_month_day date{year(static_cast<int>(number_at(text, 0, 4))),
                            month(number_at(text, 4, 2)), day(number_at(text, 6, 2))};
  const unsigned hour = number_at(text, 8, 2);
  const unsigned minute = number_at(text, 10, 2);
  const unsigned second = number_at(text, 12, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return tl::unexpected(Error::BadTime);
  const std::int64_t total = std::int64_t{sys_days(date).time_since_epoch().count()} * 86400 +
                             std::int64_t{hour} * 3600 + minute * 60 + second;
  if (total < 0 || total > 0xffffffff) return tl::unexpected(Error::BadTime);
  return static_cast<std::uint32_t>(total);
}

void append_timestamp(std::string& text, std::uint32_t seconds) {
  using namespace std::chrono;
  const year_month_day date{sys_days(days(seconds / 86400))};
  append_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_digits(text, static_cast<unsigned>(date.month()), 2);
  append_digits(text, static_cast<unsigned>(date.day()), 2);
  append_digits(text, seconds % 86400 / 3600, 2);
  append_digits(text, seconds % 3600 / 60, 2);
  append_digits(text, seconds % 60, 2);
}

}  // namespace dnswire
