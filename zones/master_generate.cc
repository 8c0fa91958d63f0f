#include "zones/master_generate.h"

#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

#include "zones/master_word.h"

namespace zones {
namespace {

constexpr std::uint32_t kMaxNumber = std::numeric_limits<std::int32_t>::max();
constexpr std::uint32_t kMaxWidth = 255;  // no name is longer

// Takes a number off the front of `text`.
template <class T>
std::optional<T> take_number(std::string_view& text, T largest) noexcept {
  T number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > largest) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char character) noexcept {
  if (!text.starts_with(character)) return false;
  text.remove_prefix(1);
  return true;
}

// As printf's %0*d, %0*o, %0*x and %0*X have it.
void append_number(std::string& result, std::int32_t value, std::uint32_t width, char base) {
  char digits[16];
  const bool negative = base == 'd' && value < 0;
  const auto bits = static_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = negative ? 0U - bits : bits;
  const int radix = base == 'd' ? 10 : base == 'o' ? 8 : 16;
  const auto end = std::to_chars(digits, digits + sizeof digits, magnitude, radix).ptr;
  const auto length = static_cast<std::size_t>(end - digits) + (negative ? 1 : 0);
  if (negative) result += '-';
  if (length < width) result.append(width - length, '0');
  for (const char* digit = digits; digit != end; ++digit) {
    const bool capital = base == 'X' && *digit >= 'a';
    result += capital ? static_cast<char>(*digit - 'a' + 'A') : *digit;
  }
}

void append_nibbles(std::string& result, std::int32_t value, std::uint32_t width, char base) {
  const std::string_view digits = base == 'n' ? "0123456789abcdef" : "0123456789ABCDEF";
  auto bits = static_cast<std::uint32_t>(value);
  std::uint32_t written = 0;
  do {
    result += digits[bits & 0xf];
    bits >>= 4;
    ++written;
    if (written >= width && bits == 0) return;
    result += '.';
    ++written;
  } while (written < width || bits != 0);
}

}  // namespace

tl::expected<GenerateRange, std::string> GenerateRange::from_text(std::string_view word) {
  GenerateRange range;
  std::string_view rest = word;
  const auto start = take_number(rest, kMaxNumber);
  const bool dash = take(rest, '-');
  const auto stop = take_number(rest, kMaxNumber);
  const bool slash = take(rest, '/');
  const auto step = slash ? take_number(rest, kMaxNumber) : std::optional<std::uint32_t>(1);
  if (!start || !dash || !stop || !step || *step == 0 || *start > *stop || !rest.empty()) {
    return tl::unexpected(in_backticks(word) +
                          " is no range; write START-STOP or START-STOP/STEP, as in 1-254");
  }
  range.start_ = *start;
  range.stop_ = *stop;
  range.step_ = *step;
  if (range.size() > kMaxGenerated) {
    return tl::unexpected("the range " + in_backticks(word) + " makes more than " +
                          std::to_string(kMaxGenerated) + " records; write several");
  }
  return range;
}

tl::expected<GenerateTemplate, std::string> GenerateTemplate::from_text(std::string_view text) {
  GenerateTemplate result;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\') {
      at += 2;
      continue;
    }
    if (text[at] != '$') {
      ++at;
      continue;
    }
    Place place;
    place.before = text.substr(start, at - start);
    const auto size = read_place(text.substr(at), place);
    if (!size) return tl::unexpected(size.error());
    result.places_.push_back(place);
    at += *size;
    start = at;
  }
  result.rest_ = text.substr(start);
  return result;
}

// Reads the place that begins with the `$` in front of `text`; returns its length.
tl::expected<std::size_t, std::string> GenerateTemplate::read_place(std::string_view text,
                                                                    Place& place) {
  std::string_view rest = text.substr(1);
  if (take(rest, '$')) {
    place.base = '$';
    return 2;
  }
  if (!take(rest, '{')) return 1;
  const auto offset = take_number<std::int64_t>(rest, kMaxNumber);
  if (offset) place.offset = *offset;
  bool good = offset && *offset >= -std::int64_t{kMaxNumber};
  if (good && take(rest, ',')) {
    const auto width = take_number(rest, kMaxWidth);
    good = width.has_value();
    place.width = width.value_or(0);
    if (good && take(rest, ',')) {
      constexpr std::string_view kBases = "doxXnN";
      good = !rest.empty() && kBases.find(rest.front()) != std::string_view::npos;
      if (good) place.base = rest.front();
      if (good) rest.remove_prefix(1);
    }
  }
  if (!good || !take(rest, '}')) {
    return tl::unexpected(
        in_backticks(text.substr(
            0, text.find('}') == std::string_view::npos ? text.size() : text.find('}') + 1)) +
        " is malformed; write ${OFFSET,WIDTH,BASE}, WIDTH at most 255, BASE one "
        "of d, o, x, X, n, N");
  }
  return text.size() - rest.size();
}

bool GenerateTemplate::expand(std::uint32_t number, std::string& result) const {
  result.clear();
  for (const Place& place : places_) {
    result += place.before;
    if (place.base == '$') {
      result += "\\$";
      continue;
    }
    const std::int64_t value = std::int64_t{number} + place.offset;
    if (value > kMaxNumber || value < -std::int64_t{kMaxNumber}) return false;
    const auto narrow = static_cast<std::int32_t>(value);
    if (place.base == 'n' || place.base == 'N') {
      append_nibbles(result, narrow, place.width, place.base);
    } else {
      append_number(result, narrow, place.width, place.base);
    }
  }
  result += rest_;
  return true;
}

}  // namespace zones
