#include "server/answer/vantage.h"

#include <algorithm>

#include "geo/map.h"
#include "geo/prefix_set.h"

namespace answer {
namespace {

using dnswire::Family;
using dnswire::IpAddress;

// Networks that say nothing of where a client is (RFC 7871 11.1, RFC 6890).
const geo::PrefixSet& special_networks() {
  static const geo::PrefixSet kNetworks = [] {
    geo::PrefixSet networks;
    for (const char* text : {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
                             "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
                             "::/8", "fc00::/7", "fe80::/10", "ff00::/8"}) {
      networks.insert(*dnswire::Prefix::from_text(text));
    }
    return networks;
  }();
  return kNetworks;
}

// Where the IPv4 address stands inside an IPv6 one that holds one.
std::uint8_t bits_before_ipv4(const IpAddress& address) noexcept {
  const bool is_6to4 = address.octets()[0] == 0x20 && address.octets()[1] == 0x02;  // RFC 3056 2
  return is_6to4 ? 16 : 96;
}

}  // namespace

Vantage::Vantage(const IpAddress& source, const dnswire::Query& query) noexcept
    : client_{source.unwrapped(), false} {
  if (!query.edns || !query.edns->client_subnet) return;
  const dnswire::ClientSubnet& subnet = *query.edns->client_subnet;
  // Prefix 0 asks not to use the client's address; the resolver's place serves all (RFC
  // 7871 7.1.2).
  if (subnet.source_prefix > 0) take_subnet(subnet, source);
}

void Vantage::take_subnet(const dnswire::ClientSubnet& subnet, const IpAddress& source) noexcept {
  cap_ = subnet.address.family() == Family::V4 ? geo::kMaxDepth4 : geo::kMaxDepth6;
  const IpAddress address = subnet.address.masked(std::min(subnet.source_prefix, cap_));
  const auto special = special_networks().match(address);
  special_depth_ = special.depth;
  client_.from_subnet = true;
  if (special.contained) {
    resolver_instead_ = true;
    client_.address = source.unwrapped();
    return;
  }
  client_.address = address.unwrapped();
  if (client_.address.family() != address.family()) wrapped_in_ = bits_before_ipv4(address);
}

std::uint8_t Vantage::scope(std::uint8_t depth) const noexcept {
  if (!client_.from_subnet || depth == 0) return 0;
  if (resolver_instead_) return std::min(special_depth_, cap_);
  const unsigned bits = std::max<unsigned>(depth + wrapped_in_, special_depth_);
  return static_cast<std::uint8_t>(std::min<unsigned>(bits, cap_));
}

}  // namespace answer
