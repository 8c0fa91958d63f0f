#include "dnswire/address_prefixes.h"

#include <algorithm>
#include <array>

#include "dnswire/address.h"
#include "dnswire/presentation.h"

namespace dnswire {
namespace {

constexpr std::size_t kHeadSize = 4;           // ADDRESSFAMILY, PREFIX, N and AFDLENGTH
constexpr std::uint8_t kNegation = 0x80;       // N
constexpr std::uint8_t kLengthMask = 0x7f;     // AFDLENGTH
constexpr std::uint16_t kAddressFamilyV4 = 1;  // IANA address family numbers
constexpr std::uint16_t kAddressFamilyV6 = 2;

Result<void> read_address_prefix(std::string_view text, std::vector<std::uint8_t>& rdata) {
  const bool negated = text.starts_with('!');
  if (negated) text.remove_prefix(1);
  const std::size_t slash = text.rfind('/');
  if ((!text.starts_with("1:") && !text.starts_with("2:")) || slash == text.npos) {
    return tl::unexpected(Error::BadAddress);
  }
  const Family family = text.front() == '1' ? Family::V4 : Family::V6;
  const auto address = IpAddress::from_text(text.substr(2, slash - 2));
  if (!address) return tl::unexpected(address.error());
  if (address->family() != family) return tl::unexpected(Error::BadAddress);
  const auto length = read_number(text.substr(slash + 1), address->bits());
  if (!length) return tl::unexpected(length.error());
  Bytes octets = address->octets();
  while (!octets.empty() && octets.back() == 0) octets = octets.first(octets.size() - 1);
  rdata.push_back(0);
  rdata.push_back(family == Family::V4 ? kAddressFamilyV4 : kAddressFamilyV6);
  rdata.push_back(static_cast<std::uint8_t>(*length));
  rdata.push_back(static_cast<std::uint8_t>((negated ? kNegation : 0U) | octets.size()));
  rdata.insert(rdata.end(), octets.begin(), octets.end());
  return {};
}

}  // namespace

Result<void> check_address_prefixes(Bytes list) noexcept {
  while (!list.empty()) {
    if (list.size() < kHeadSize) return tl::unexpected(Error::Truncated);
    const std::uint16_t family = load16(list.data());
    if (family != kAddressFamilyV4 && family != kAddressFamilyV6) {
      return tl::unexpected(Error::BadRdata);
    }
    const std::size_t octets = family == kAddressFamilyV4 ? 4 : 16;
    const std::size_t size = list[3] & kLengthMask;
    if (list[2] > 8 * octets || size > octets) return tl::unexpected(Error::BadRdata);
    if (list.size() - kHeadSize < size) return tl::unexpected(Error::Truncated);
    if (size > 0 && list[kHeadSize + size - 1] == 0) return tl::unexpected(Error::BadRdata);
    list = list.subspan(kHeadSize + size);
  }
  return {};
}

void append_address_prefixes(std::string& text, Bytes list) {
  for (bool first = true; !list.empty(); first = false) {
    const Family family = list[1] == kAddressFamilyV4 ? Family::V4 : Family::V6;
    const std::size_t size = list[3] & kLengthMask;
    std::array<std::uint8_t, 16> octets{};
    std::copy_n(list.begin() + kHeadSize, size, octets.begin());
    const Bytes whole = Bytes(octets).first(family == Family::V4 ? 4 : 16);
    if (!first) text += ' ';
    if ((list[3] & kNegation) != 0) text += '!';
    text += std::to_string(list[1]) + ":" + IpAddress::from_octets(family, whole).to_text() + "/" +
            std::to_string(list[2]);
    list = list.subspan(kHeadSize + size);
  }
}

Result<void> read_address_prefixes(Words& words, std::vector<std::uint8_t>& rdata) {
  while (!words.at_end()) {
    const auto word = words.take_plain();
    if (!word) return tl::unexpected(word.error());
    const auto done = read_address_prefix(*word, rdata);
    if (!done) return done;
    if (rdata.size() > kMaxRdataSize) return tl::unexpected(Error::RdataTooLong);
  }
  return {};
}

}  // namespace dnswire
