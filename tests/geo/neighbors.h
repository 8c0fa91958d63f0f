// Addresses around and inside networks.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <vector>

#include "dnswire/address.h"

namespace geo {

using Octets = std::array<std::uint8_t, 16>;

inline dnswire::IpAddress make_address(dnswire::Family family, const Octets& octets) {
  const dnswire::Bytes all(octets);
  return dnswire::IpAddress::from_octets(family, all.first(family == dnswire::Family::V4 ? 4 : 16));
}

inline Octets octets_of(const dnswire::IpAddress& address) {
  Octets octets{};
  std::ranges::copy(address.octets(), octets.begin());
  return octets;
}

inline dnswire::Prefix prefix_of(const dnswire::IpAddress& address, unsigned length) {
  return {address.masked(length), static_cast<std::uint8_t>(length)};
}

// One of the addresses of the network.
inline dnswire::IpAddress random_of(const dnswire::Prefix& network, std::mt19937& random) {
  Octets octets = octets_of(network.address);
  for (unsigned bit = network.length; bit < network.address.bits(); ++bit) {
    if ((random() & 1) == 0) continue;
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] ^ 0x80U >> bit % 8);
  }
  return make_address(network.address.family(), octets);
}

inline dnswire::IpAddress last_of(const dnswire::Prefix& network) {
  Octets octets = octets_of(network.address);
  for (unsigned bit = network.length; bit < network.address.bits(); ++bit) {
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | 0x80U >> bit % 8);
  }
  return make_address(network.address.family(), octets);
}

// The address behind, or in front of it; none at the end of the address space.
inline std::optional<dnswire::IpAddress> neighbor(const dnswire::IpAddress& address, bool behind) {
  Octets octets = octets_of(address);
  for (std::size_t i = address.bits() / 8; i-- > 0;) {
    octets[i] = static_cast<std::uint8_t>(behind ? octets[i] + 1 : octets[i] - 1);
    if (octets[i] != (behind ? 0 : 255)) return make_address(address.family(), octets);
  }
  return std::nullopt;
}

// The ends of the network, and those on the other side of them.
inline std::vector<dnswire::IpAddress> edges_of(const dnswire::Prefix& network) {
  const dnswire::IpAddress last = last_of(network);
  std::vector<dnswire::IpAddress> edges{network.address, last};
  if (const auto before = neighbor(network.address, false)) edges.push_back(*before);
  if (const auto after = neighbor(last, true)) edges.push_back(*after);
  return edges;
}

}  // namespace geo
