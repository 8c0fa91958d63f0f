#include "server/answer/vantage.h"

#include <algorithm>

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
  const IpAddress address = subnet.address.masked(std::min(subnet.source_prefix, cap_));
  const auto wrapped = six_to_four().match(address);
  auto special = geo::special_networks().match(address);
  // Inside 6to4, depths are counted in another trie than around it: scopes must not meet.
  special_depth_ = std::max(special.depth, wrapped.depth);
  if (wrapped.contained) {
    wrapped_in_ = kSixToFourBits;
    special = geo::special_networks().match(address.unwrapped());
    special_depth_ = static_cast<std::uint8_t>(kSixToFourBits + special.depth);
  }
  from_subnet_ = true;
  resolver_instead_ = special.contained;
  if (special.contained) return;  // the resolver's address stays
  address_ = address.unwrapped();
}

std::uint8_t Vantage::scope(std::uint8_t depth) const noexcept {
  if (!from_subnet_ || depth == 0) return 0;
  if (resolver_instead_) return std::min(special_depth_, cap_);
  const unsigned bits = std::max<unsigned>(depth + wrapped_in_, special_depth_);
  return static_cast<std::uint8_t>(std::min<unsigned>(bits, cap_));
}

}  // namespace answer
