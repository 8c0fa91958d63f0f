#include "dnswire/location.h"

#include <array>

#include "dnswire/presentation.h"

namespace dnswire {
namespace {

// RFC 1876 2. Angles are thousandths of a second of arc from the equator or the prime meridian,
// heights centimeters above a base 100,000 m below the ellipsoid.
constexpr std::uint32_t kAngleOrigin = 0x80000000;
constexpr std::uint32_t kSecond = 1000;
constexpr std::uint32_t kMinute = 60 * kSecond;
constexpr std::uint32_t kDegree = 60 * kMinute;
constexpr std::uint64_t kAltitudeBase = 10000000;
constexpr std::uint64_t kLargestLength = 9000000000;  // 9e9 cm

// SIZE, HORIZ PRE and VERT PRE unless they are written: 1 m, 10,000 m, 10 m. RFC 1876 3.
constexpr std::array<std::uint8_t, 3> kDefaultLengths{0x12, 0x16, 0x13};

constexpr bool is_length(std::uint8_t octet) noexcept {
  const unsigned base = octet >> 4;
  return octet == 0 || (base >= 1 && base <= 9 && (octet & 0xf) <= 9);
}

constexpr bool is_angle(std::uint32_t angle, std::uint32_t largest_degrees) noexcept {
  const std::uint32_t distance =
      angle >= kAngleOrigin ? angle - kAngleOrigin : kAngleOrigin - angle;
  return distance <= largest_degrees * kDegree;
}

void append_fixed(std::string& text, std::uint64_t value, unsigned places) {
  const std::string digits = std::to_string(value);
  if (digits.size() <= places) text.append(places + 1 - digits.size(), '0');
  text += digits;
  text.insert(text.size() - places, 1, '.');
}

void append_angle(std::string& text, std::uint32_t angle, char positive, char negative) {
  const bool is_negative = angle < kAngleOrigin;
  const std::uint32_t distance = is_negative ? kAngleOrigin - angle : angle - kAngleOrigin;
  text += std::to_string(distance / kDegree) + " " + std::to_string(distance % kDegree / kMinute);
  text += ' ';
  append_fixed(text, distance % kMinute, 3);
  text += ' ';
  text += is_negative ? negative : positive;
}

void append_length(std::string& text, std::uint8_t octet) {
  std::uint64_t centimeters = octet >> 4;
  for (unsigned exponent = octet & 0xf; exponent > 0; --exponent) centimeters *= 10;
  append_fixed(text, centimeters, 2);
  text += 'm';
}

// Digits with at most `places` of them behind a point, in units of the last place.
Result<std::uint64_t> read_fixed(std::string_view text, unsigned places) noexcept {
  const std::size_t point = text.find('.');
  const auto whole = read_number(text.substr(0, point), 0xffffffff);
  if (!whole) return tl::unexpected(Error::BadLocation);
  std::string_view fraction;
  if (point != text.npos) {
    fraction = text.substr(point + 1);
    if (fraction.empty() || fraction.size() > places) return tl::unexpected(Error::BadLocation);
  }
  std::uint64_t value = *whole;
  for (std::size_t place = 0; place < places; ++place) {
    const char digit = place < fraction.size() ? fraction[place] : '0';
    if (!is_digit(digit)) return tl::unexpected(Error::BadLocation);
    value = 10 * value + static_cast<unsigned>(digit - '0');
  }
  return value;
}

// Degrees, minutes and seconds, as many as there are, then the letter of the hemisphere.
Result<std::uint32_t> read_angle(Words& words, char positive, char negative,
                                 std::uint32_t largest_degrees) noexcept {
  constexpr std::array<std::uint32_t, 3> kUnits{kDegree, kMinute, kSecond};
  constexpr std::array<unsigned, 3> kPlaces{0, 0, 3};
  std::uint64_t distance = 0;
  for (std::size_t part = 0; part <= kUnits.size(); ++part) {
    const auto word = words.take_plain();
    if (!word) return tl::unexpected(word.error());
    if (part > 0 && word->size() == 1 && !is_digit(word->front())) {
      const char letter = to_lower(word->front());
      if (letter != positive && letter != negative) break;
      if (distance > std::uint64_t{largest_degrees} * kDegree) break;
      const auto angle = static_cast<std::uint32_t>(distance);
      return letter == positive ? kAngleOrigin + angle : kAngleOrigin - angle;
    }
    if (part == kUnits.size()) break;
    const auto value = read_fixed(*word, kPlaces[part]);
    if (!value) return tl::unexpected(value.error());
    const std::uint64_t unit = part == 2 ? 1 : kUnits[part];
    const std::uint64_t limit = part == 0 ? largest_degrees : part == 1 ? 59 : kMinute - 1;
    if (*value > limit) break;
    distance += *value * unit;
  }
  return tl::unexpected(Error::BadLocation);
}

std::string_view without_unit(std::string_view text) noexcept {
  if (!text.empty() && to_lower(text.back()) == 'm') text.remove_suffix(1);
  return text;
}

Result<std::uint32_t> read_altitude(std::string_view text) noexcept {
  text = without_unit(text);
  const bool below = text.starts_with('-');
  if (below) text.remove_prefix(1);
  const auto centimeters = read_fixed(text, 2);
  if (!centimeters) return tl::unexpected(centimeters.error());
  const std::uint64_t largest = below ? kAltitudeBase : 0xffffffff - kAltitudeBase;
  if (*centimeters > largest) return tl::unexpected(Error::BadLocation);
  return static_cast<std::uint32_t>(below ? kAltitudeBase - *centimeters
                                          : kAltitudeBase + *centimeters);
}

Result<std::uint8_t> read_length(std::string_view text) noexcept {
  const auto centimeters = read_fixed(without_unit(text), 2);
  if (!centimeters || *centimeters > kLargestLength) return tl::unexpected(Error::BadLocation);
  std::uint64_t base = *centimeters;
  std::uint64_t exponent = 0;
  for (; base > 9; base /= 10) ++exponent;
  return static_cast<std::uint8_t>(base << 4 | exponent);
}

void append32(std::vector<std::uint8_t>& rdata, std::uint32_t value) {
  rdata.resize(rdata.size() + 4);
  store32(&rdata[rdata.size() - 4], value);
}

}  // namespace

Result<void> check_location(Bytes location) noexcept {
  const bool sound = location[0] == 0 && is_length(location[1]) && is_length(location[2]) &&
                     is_length(location[3]) && is_angle(load32(&location[4]), 90) &&
                     is_angle(load32(&location[8]), 180);
  if (!sound) return tl::unexpected(Error::BadRdata);
  return {};
}

void append_location(std::string& text, Bytes location) {
  append_angle(text, load32(&location[4]), 'N', 'S');
  text += ' ';
  append_angle(text, load32(&location[8]), 'E', 'W');
  text += ' ';
  const std::uint32_t altitude = load32(&location[12]);
  if (altitude < kAltitudeBase) text += '-';
  append_fixed(text, altitude < kAltitudeBase ? kAltitudeBase - altitude : altitude - kAltitudeBase,
               2);
  text += 'm';
  for (const std::uint8_t length : location.subspan(1, 3)) {
    text += ' ';
    append_length(text, length);
  }
}

Result<void> read_location(Words& words, std::vector<std::uint8_t>& rdata) {
  const auto latitude = read_angle(words, 'n', 's', 90);
  if (!latitude) return tl::unexpected(latitude.error());
  const auto longitude = read_angle(words, 'e', 'w', 180);
  if (!longitude) return tl::unexpected(longitude.error());
  const auto altitude_word = words.take_plain();
  if (!altitude_word) return tl::unexpected(altitude_word.error());
  const auto altitude = read_altitude(*altitude_word);
  if (!altitude) return tl::unexpected(altitude.error());
  auto lengths = kDefaultLengths;
  for (std::size_t i = 0; i < lengths.size() && !words.at_end(); ++i) {
    const auto word = words.take_plain();
    if (!word) return tl::unexpected(word.error());
    const auto length = read_length(*word);
    if (!length) return tl::unexpected(length.error());
    lengths[i] = *length;
  }
  rdata.push_back(0);  // VERSION
  rdata.insert(rdata.end(), lengths.begin(), lengths.end());
  append32(rdata, *latitude);
  append32(rdata, *longitude);
  append32(rdata, *altitude);
  return {};
}

}  // namespace dnswire
