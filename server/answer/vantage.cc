#include "server/answer/vantage.h"

#include <algorithm>
#include <array>

#include "geo/map.h"
#include "geo/prefix_set.h"
#include "geo/special_networks.h"

namespace answer {
namespace {

using dnswire::Family;
using dnswire::IpAddress;

// 6to4, where the IPv4 address that counts stands behind these bits (RFC 3056 2). Other IPv6
// networks that hold IPv4 addresses are special: theirs stand too far behind.
constexpr std::uint8_t kSixToFourBits = 16;
const geo::PrefixSet& six_to_four() {
  static const geo::PrefixSet kNetworks = [] {
    geo::PrefixSet networks;
    networks.insert(*dnswire::Prefix::from_text("2002::/16"));
    return networks;
  }();
  return kNetworks;
}

// How a subnet stands to private and reserved networks and to 6to4.
struct Stand {
  bool is_special = false;
  bool is_wrapped = false;
  std::uint8_t depth = 0;  // bits that tell so much
  bool is_known = true;    // else its first octet alone does not tell
};

Stand look_closely(const IpAddress& address) {
  const auto wrapped = six_to_four().match(address);
  const auto special = geo::special_networks().match(address);
  return {special.contained, wrapped.contained, std::max(special.depth, wrapped.depth)};
}

// By family and first octet: most subnets need no closer look.
using FirstOctets = std::array<std::array<Stand, 256>, 2>;
FirstOctets look_at_first_octets() {
  FirstOctets stands;
  for (const Family family : {Family::V4, Family::V6}) {
    std::array<std::uint8_t, 16> octets{};
    const std::size_t size = family == Family::V4 ? 4 : 16;
    for (std::size_t octet = 0; octet < 256; ++octet) {
      octets[0] = static_cast<std::uint8_t>(octet);
      Stand& stand = stands[static_cast<std::size_t>(family)][octet];
      stand = look_closely(IpAddress::from_octets(family, dnswire::Bytes(octets).first(size)));
      stand.is_known = stand.depth <= 8;
    }
  }
  return stands;
}

Stand look_at(const IpAddress& address) {
  static const FirstOctets kStands = look_at_first_octets();
  const Stand stand = kStands[static_cast<std::size_t>(address.family())][address.octets()[0]];
  return stand.is_known ? stand : look_closely(address);
}

}  // namespace

bool is_placeless(const IpAddress& address) noexcept {
  return geo::special_networks().match(address.unwrapped()).contained;
}

Vantage::Vantage(const IpAddress& source, const dnswire::Query& query) noexcept
    : address_(source.unwrapped()) {
  if (!query.edns || !query.edns->client_subnet) return;
  const dnswire::ClientSubnet& subnet = *query.edns->client_subnet;
  // Prefix 0 asks not to use the client's address; the resolver's place serves all (RFC
  // 7871 7.1.2).
  if (subnet.source_prefix > 0) take_subnet(subnet);
}

void Vantage::take_subnet(const dnswire::ClientSubnet& subnet) noexcept {
  cap_ = subnet.address.family() == Family::V4 ? geo::kMaxDepth4 : geo::kMaxDepth6;
  const bool is_too_long = subnet.source_prefix > cap_;
  const IpAddress address = is_too_long ? subnet.address.masked(cap_) : subnet.address;
  const Stand stand = look_at(address);
  // Inside 6to4, depths are counted in another trie than around it: scopes must not meet.
  special_depth_ = stand.depth;
  resolver_instead_ = stand.is_special;
  if (stand.is_wrapped) {
    wrapped_in_ = kSixToFourBits;
    const auto inside = geo::special_networks().match(address.unwrapped());
    special_depth_ = static_cast<std::uint8_t>(kSixToFourBits + inside.depth);
    resolver_instead_ = inside.contained;
  }
  from_subnet_ = true;
  if (resolver_instead_) return;  // the resolver's address stays
  address_ = address.unwrapped();
}

std::uint8_t Vantage::scope(std::uint8_t depth) const noexcept {
  if (!from_subnet_ || depth == 0) return 0;
  if (resolver_instead_) return std::min(special_depth_, cap_);
  const unsigned bits = std::max<unsigned>(depth + wrapped_in_, special_depth_);
  return static_cast<std::uint8_t>(std::min<unsigned>(bits, cap_));
}

}  // namespace answer
