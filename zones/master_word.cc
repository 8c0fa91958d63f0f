#include "zones/master_word.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace zones {

using dnswire::Ttl;

namespace {

struct Unit {
  char letter;
  std::uint32_t seconds;
};
constexpr std::array kUnits{Unit{'w', 604800}, Unit{'d', 86400}, Unit{'h', 3600}, Unit{'m', 60},
                            Unit{'s', 1}};

// Seconds in one; 0 for a character that is no unit.
std::uint32_t seconds_per(char character) noexcept {
  for (const Unit& unit : kUnits) {
    if (character == unit.letter || character == unit.letter - 'a' + 'A') return unit.seconds;
  }
  return 0;
}

// Takes digits off the front of `text`; a number that is too large for anything becomes the largest
// there is.
std::optional<std::uint32_t> take_number(std::string_view& text) noexcept {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::invalid_argument) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc{}) return std::numeric_limits<std::uint32_t>::max();
  return number;
}

// Nothing if the word is malformed; a sum too large to hold is as large as can be.
std::optional<std::uint64_t> read_seconds(std::string_view word) noexcept {
  std::uint64_t total = 0;
  std::uint32_t last_unit = std::numeric_limits<std::uint32_t>::max();
  std::string_view rest = word;
  do {
    const auto number = take_number(rest);
    if (!number) return std::nullopt;
    if (rest.empty() && total == 0 && last_unit == std::numeric_limits<std::uint32_t>::max()) {
      return *number;
    }
    const std::uint32_t unit = rest.empty() ? 0 : seconds_per(rest.front());
    if (unit == 0 || unit >= last_unit) return std::nullopt;
    rest.remove_prefix(1);
    last_unit = unit;
    total += std::uint64_t{*number} * unit;  // five units at most: no overflow
  } while (!rest.empty());
  return total;
}

// The mnemonics of all types that a zone can hold.
std::vector<std::string> stored_types() {
  std::vector<std::string> types;
  for (std::uint32_t number = 1; number <= 0xffff; ++number) {
    const auto type = static_cast<dnswire::RrType>(number);
    if (is_meta(type)) continue;
    std::string text = to_text(type);
    if (!text.starts_with("TYPE")) types.push_back(std::move(text));
  }
  return types;
}

// Does one letter more, less or changed, or two swapped, make `a` of `b`?
bool is_near(std::string_view a, std::string_view b) noexcept {
  if (a.size() < b.size()) std::swap(a, b);
  if (a.size() - b.size() > 1) return false;
  const auto first =
      static_cast<std::size_t>(std::mismatch(b.begin(), b.end(), a.begin()).first - b.begin());
  if (a.size() > b.size()) return a.substr(first + 1) == b.substr(first);
  const std::string_view rest_a = a.substr(std::min(first + 1, a.size()));
  const std::string_view rest_b = b.substr(std::min(first + 1, b.size()));
  if (rest_a == rest_b) return true;
  return rest_a.front() == b[first] && rest_b.front() == a[first] &&
         rest_a.substr(1) == rest_b.substr(1);
}

}  // namespace

tl::expected<Ttl, std::string> read_ttl(std::string_view word) {
  const auto seconds = read_seconds(word);
  if (!seconds) {
    return tl::unexpected(in_backticks(word) + " is no TTL; write seconds, or units as in 1h30m");
  }
  if (*seconds > dnswire::kMaxTtl.count()) {
    return tl::unexpected("the TTL " + in_backticks(word) +
                          " is over 2147483647 seconds (RFC 2181 8)");
  }
  return Ttl(static_cast<std::uint32_t>(*seconds));
}

std::string unquote(std::string_view word) {
  std::string text;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word[at] == '"') continue;
    if (word[at] == '\\' && at + 1 < word.size()) ++at;
    text += word[at];
  }
  return text;
}

std::string in_backticks(std::string_view word) {
  constexpr std::size_t kLongest = 60;
  std::string text = "`";
  for (const char c : word.substr(0, kLongest)) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (octet >= ' ' && octet < 0x7f) {
      text += c;
    } else if (c == '\t') {
      text += ' ';
    } else {
      text += {'\\', static_cast<char>('0' + octet / 100), static_cast<char>('0' + octet / 10 % 10),
               static_cast<char>('0' + octet % 10)};
    }
  }
  return text + (word.size() > kLongest ? "...`" : "`");
}

std::string suggest_type(std::string_view word) {
  constexpr std::size_t kShortest = 3;  // of two letters anything is one change away
  constexpr std::size_t kLongest = 12;
  if (word.size() < kShortest || word.size() > kLongest) return {};
  std::string upper(word);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  static const std::vector<std::string> kTypes = stored_types();
  for (const std::string& type : kTypes) {
    if (type.size() > 1 && is_near(upper, type)) return ", did you mean `" + type + "`?";
  }
  return {};
}

}  // namespace zones
