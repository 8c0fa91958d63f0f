#include "server/config/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace config {
namespace {

struct Unit {
  std::string_view text;
  std::int64_t milliseconds;
};
constexpr std::array<Unit, 6> kUnits{{{"w", 7 * 24 * 3600 * 1000LL},
                                      {"d", 24 * 3600 * 1000LL},
                                      {"h", 3600 * 1000LL},
                                      {"m", 60 * 1000LL},
                                      {"s", 1000},
                                      {"ms", 1}}};
constexpr std::int64_t kLongest = std::int64_t{0x7fffffff} * 1000;  // the longest TTL, RFC 2181 8

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string in_backticks(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

tl::expected<std::chrono::milliseconds, std::string> parse_duration(std::string_view text) {
  const auto refuse = [&](std::string why) {
    return tl::unexpected<std::string>(in_backticks(text) + std::move(why));
  };
  if (text.empty() || !is_digit(text.front())) {
    return refuse(" is not a duration, write for example `30s`, `5m` or `1h30m`");
  }
  std::int64_t total = 0;
  std::size_t largest_allowed = 0;  // units come in falling order
  std::string_view rest = text;
  while (!rest.empty()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error == std::errc::invalid_argument) return refuse(" is not a duration");
    if (error != std::errc{} || number > kLongest) return refuse(" is too long");
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (rest.empty()) return refuse(" has no unit, write " + in_backticks(std::string(text) + "s"));

    std::size_t letters = 0;
    while (letters < rest.size() && !is_digit(rest[letters])) ++letters;
    const std::string_view unit = rest.substr(0, letters);
    std::size_t i = largest_allowed;
    while (i < kUnits.size() && kUnits[i].text != unit) ++i;
    if (i == kUnits.size()) {
      return refuse(" has " + in_backticks(unit) +
                    " where a smaller unit of w, d, h, m, s, ms belongs");
    }
    largest_allowed = i + 1;
    if (number > kLongest / kUnits[i].milliseconds) return refuse(" is too long");
    total += number * kUnits[i].milliseconds;
    rest.remove_prefix(letters);
  }
  if (total > kLongest) return refuse(" is too long");
  return std::chrono::milliseconds(total);
}

std::string to_text(std::chrono::milliseconds duration) {
  std::string text;
  std::int64_t rest = duration.count();
  for (const Unit& unit : kUnits) {
    if (rest < unit.milliseconds) continue;
    text += std::to_string(rest / unit.milliseconds) + std::string(unit.text);
    rest %= unit.milliseconds;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace config
