#include "dnswire/address.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <span>

#include "dnswire/presentation.h"

namespace dnswire {
namespace {

constexpr std::size_t kGroups = 8;  // of sixteen bits in an IPv6 address

// Four decimal numbers without leading zeros, which some read as octal.
bool read_dotted_quad(std::string_view text, std::span<std::uint8_t, 4> octets) noexcept {
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t end = i < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos) return false;
    const std::string_view part = text.substr(0, end);
    const auto value = read_number(part, 255);
    if (!value || (part.size() > 1 && part[0] == '0')) return false;
    octets[i] = static_cast<std::uint8_t>(*value);
    if (i < 3) text.remove_prefix(end + 1);
  }
  return true;
}

std::optional<std::uint16_t> read_group(std::string_view text) noexcept {
  if (text.empty() || text.size() > 4) return std::nullopt;
  unsigned value = 0;
  for (const char raw : text) {
    const char character = to_lower(raw);
    const bool letter = character >= 'a' && character <= 'f';
    if (!letter && !is_digit(character)) return std::nullopt;
    value = value << 4 | static_cast<unsigned>(letter ? character - 'a' + 10 : character - '0');
  }
  return static_cast<std::uint16_t>(value);
}

// Reads groups parted by single colons into `octets` and returns how many octets they fill. A
// dotted quad may stand for the last two where `quad_allowed`. Empty text is no group at all.
std::optional<std::size_t> read_groups(std::string_view text, MutableBytes octets,
                                       bool quad_allowed) noexcept {
  std::size_t filled = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    const bool last = colon == std::string_view::npos;
    if (last && quad_allowed && part.find('.') != std::string_view::npos) {
      if (octets.size() - filled < 4) return std::nullopt;
      if (!read_dotted_quad(part, octets.subspan(filled).first<4>())) return std::nullopt;
      return filled + 4;
    }
    const auto group = read_group(part);
    if (!group || octets.size() - filled < 2) return std::nullopt;
    store16(&octets[filled], *group);
    filled += 2;
    if (last) return filled;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // a colon at the end
  }
  return filled;
}

// RFC 4291 2.2. "::" stands for one group at least.
bool read_ipv6(std::string_view text, std::span<std::uint8_t, 16> octets) noexcept {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return read_groups(text, octets, true) == octets.size();
  const auto front = read_groups(text.substr(0, gap), octets, false);
  if (!front || *front > octets.size() - 2) return false;
  std::array<std::uint8_t, 16> tail{};
  const auto back = read_groups(text.substr(gap + 2), tail, true);
  if (!back || *front + *back > octets.size() - 2) return false;
  std::copy_n(tail.begin(), *back, octets.end() - static_cast<std::ptrdiff_t>(*back));
  return true;
}

std::string quad_text(Bytes octets) {
  std::string text = std::to_string(octets[0]);
  for (const std::uint8_t octet : octets.subspan(1, 3)) text += '.' + std::to_string(octet);
  return text;
}

void append_group(std::string& text, unsigned group) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  bool started = false;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const unsigned digit = (group >> shift) & 0xf;
    started = started || digit != 0 || shift == 0;
    if (started) text += kDigits[digit];
  }
}

struct Run {
  std::size_t start = 0;
  std::size_t length = 0;
};

// The longest run of zero groups, the first of equally long ones, at least two groups: what "::"
// replaces (RFC 5952 4.2).
Run longest_zero_run(Bytes octets) noexcept {
  Run best{kGroups, 1};
  Run current;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (load16(&octets[2 * i]) != 0) {
      current = {i + 1, 0};
      continue;
    }
    ++current.length;
    if (current.length > best.length) best = current;
  }
  return best;
}

std::string ipv6_text(Bytes octets) {
  const Run gap = longest_zero_run(octets);
  std::string text;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == gap.start) {
      text += "::";
      i += gap.length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    append_group(text, load16(&octets[2 * i]));
  }
  return text;
}

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 12> kNat64{0, 0x64, 0xff, 0x9b};
constexpr std::array<std::uint8_t, 2> kSixToFour{0x20, 0x02};
constexpr std::array<std::uint8_t, 4> kTeredo{0x20, 0x01};

bool starts_with(Bytes octets, Bytes prefix) noexcept {
  return std::equal(prefix.begin(), prefix.end(), octets.begin());
}

}  // namespace

IpAddress IpAddress::from_octets(Family family, Bytes octets) noexcept {
  IpAddress address;
  address.family_ = family;
  assert(octets.size() == address.bits() / 8);
  std::copy(octets.begin(), octets.end(), address.octets_.begin());
  return address;
}

Result<IpAddress> IpAddress::from_text(std::string_view text) noexcept {
  IpAddress address;
  const bool has_colon = text.find(':') != std::string_view::npos;
  address.family_ = has_colon ? Family::V6 : Family::V4;
  const bool good = has_colon ? read_ipv6(text, address.octets_)
                              : read_dotted_quad(text, std::span(address.octets_).first<4>());
  if (!good) return tl::unexpected(Error::BadAddress);
  return address;
}

IpAddress IpAddress::masked(unsigned length) const noexcept {
  if (length >= bits()) return *this;
  IpAddress masked = *this;
  std::size_t first_free = length / 8;
  if (length % 8 != 0) {
    masked.octets_[first_free] &= static_cast<std::uint8_t>(0xff00U >> (length % 8));
    ++first_free;
  }
  std::fill(masked.octets_.begin() + static_cast<std::ptrdiff_t>(first_free), masked.octets_.end(),
            std::uint8_t{0});
  return masked;
}

IpAddress IpAddress::unwrapped() const noexcept {
  if (family_ == Family::V4) return *this;
  const Bytes all = octets();
  if (starts_with(all, kMapped) || starts_with(all, kNat64)) {
    return from_octets(Family::V4, all.last(4));
  }
  if (starts_with(all, kSixToFour)) return from_octets(Family::V4, all.subspan(2, 4));
  if (!starts_with(all, kTeredo)) return *this;
  IpAddress client = from_octets(Family::V4, all.last(4));
  for (std::size_t i = 0; i < 4; ++i) {  // RFC 4380 4: every bit is inverted
    client.octets_[i] = static_cast<std::uint8_t>(~client.octets_[i]);
  }
  return client;
}

std::string IpAddress::to_text() const {
  if (family_ == Family::V4) return quad_text(octets());
  // RFC 5952 5: an address known to hold an IPv4 one is written with it.
  if (starts_with(octets(), kMapped)) return "::ffff:" + quad_text(octets().last(4));
  return ipv6_text(octets());
}

Result<Prefix> Prefix::from_text(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::from_text(text.substr(0, slash));
  if (!address) return tl::unexpected(address.error());
  if (slash == std::string_view::npos) {
    return Prefix{*address, static_cast<std::uint8_t>(address->bits())};
  }
  const std::string_view digits = text.substr(slash + 1);
  const auto length = read_number(digits, address->bits());
  if (!length) return tl::unexpected(length.error());
  if (digits.size() > 1 && digits[0] == '0') return tl::unexpected(Error::BadNumber);
  if (address->masked(*length) != *address) return tl::unexpected(Error::HostBitsSet);
  return Prefix{*address, static_cast<std::uint8_t>(*length)};
}

bool Prefix::contains(const IpAddress& other) const noexcept {
  return other.family() == address.family() && other.masked(length) == address;
}

std::string Prefix::to_text() const { return address.to_text() + '/' + std::to_string(length); }

}  // namespace dnswire
