// What must be so of every Partition, by the slow definition of it.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "geo/partition.h"
#include "neighbors.h"

namespace geo {

// A partition written down as a list: the numbers may change at the ends of `networks` only.
struct SlowPartition {
  std::vector<dnswire::Prefix> networks;
  std::function<std::uint32_t(const dnswire::IpAddress&)> number;

  // Whether all addresses of the network have the same number.
  [[nodiscard]] bool is_alike(const dnswire::Prefix& network) const {
    const std::uint32_t expected = number(network.address);
    for (const dnswire::Prefix& other : networks) {
      if (other.length <= network.length || !network.contains(other.address)) continue;
      for (const dnswire::IpAddress& edge : edges_of(other)) {
        if (network.contains(edge) && number(edge) != expected) return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool is_uniform() const {
    const dnswire::Prefix all4;
    const dnswire::Prefix all6{make_address(dnswire::Family::V6, {}), 0};
    return is_alike(all4) && is_alike(all6) && number(all4.address) == number(all6.address);
  }

  // The least depth that is right.
  [[nodiscard]] unsigned depth(const dnswire::IpAddress& address) const {
    unsigned depth = is_uniform() ? 0 : 1;
    while (!is_alike(prefix_of(address, depth))) ++depth;
    return depth;
  }
};

// Compares the two at the ends of all networks and at `count` drawn addresses. Addresses that hold
// others are left out: the list does not know of them.
inline void expect_same(const Partition& partition, const SlowPartition& slow, int count,
                        std::mt19937& random) {
  std::vector<dnswire::IpAddress> addresses;
  for (const dnswire::Prefix& network : slow.networks) {
    for (const dnswire::IpAddress& edge : edges_of(network)) addresses.push_back(edge);
  }
  for (int i = 0; i < count; ++i) {
    const auto family = i % 2 == 0 ? dnswire::Family::V4 : dnswire::Family::V6;
    addresses.push_back(random_of({make_address(family, {}), 0}, random));
    if (slow.networks.empty()) continue;
    addresses.push_back(random_of(slow.networks[random() % slow.networks.size()], random));
  }
  ASSERT_EQ(partition.is_uniform(), slow.is_uniform());
  for (const dnswire::IpAddress& address : addresses) {
    if (address.unwrapped() != address) continue;
    const Partition::Match match = partition.find(address);
    ASSERT_EQ(match.number, slow.number(address)) << address.to_text();
    ASSERT_EQ(match.depth, slow.depth(address)) << address.to_text();
  }
}

// What walk() says follows on without gaps, agrees with find(), and cannot be written shorter.
inline void expect_sound_walk(const Partition& partition) {
  std::size_t count = 0;
  std::optional<dnswire::IpAddress> expected = dnswire::IpAddress();
  // By length: the last network of it. Halves that have the same number would be one network.
  std::array<std::optional<std::pair<dnswire::Prefix, std::uint32_t>>, 129> before;
  partition.walk([&](const dnswire::Prefix& network, std::uint32_t number) {
    ++count;
    if (!expected) expected = make_address(dnswire::Family::V6, {});
    ASSERT_EQ(network.address, *expected);
    ASSERT_EQ(network.address.masked(network.length), network.address);
    const dnswire::IpAddress last = last_of(network);
    for (const dnswire::IpAddress& end : {network.address, last}) {
      if (end.unwrapped() != end) continue;
      const unsigned least = partition.is_uniform() ? 0 : 1;
      ASSERT_EQ(partition.find(end).number, number) << end.to_text();
      ASSERT_EQ(partition.find(end).depth, std::max<unsigned>(network.length, least));
    }
    if (const auto& last_one = before[network.length]; last_one && network.length > 0) {
      const bool halves = prefix_of(network.address, network.length - 1U).address ==
                          prefix_of(last_one->first.address, network.length - 1U).address;
      ASSERT_FALSE(halves && last_one->second == number) << network.to_text();
    }
    before[network.length] = {network, number};
    expected = neighbor(last, true);
  });
  EXPECT_FALSE(expected.has_value());
  EXPECT_EQ(partition.networks(), count);
}

}  // namespace geo
