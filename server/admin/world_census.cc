#include "server/admin/world_census.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <unordered_map>

#include "geo/pieces.h"
#include "geo/special_networks.h"

namespace admin {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;

constexpr int kBits4 = 32;
constexpr int kBits6 = 48;           // what IPv6 is measured in
constexpr unsigned kSixToFour = 16;  // RFC 3056 2: the longest prefix before an IPv4 address's own

// How much of a network is neither private nor reserved, in units of the family.
class Ordinary {
 public:
  [[nodiscard]] double measure(const Prefix& network) const {
    const Family family = network.address.family();
    const int bits = family == Family::V4 ? kBits4 : kBits6;
    geo::PrefixSet::Step step = special_.first_step(family);
    for (unsigned depth = 0; depth < network.length; ++depth) {
      if (step.is_outside() || step.is_inside()) break;
      step = special_.next_step(step, network.address.bit(depth));
    }
    return below(step, bits - network.length);
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): as deep as an address has bits
  [[nodiscard]] double below(geo::PrefixSet::Step step, int exponent) const {
    if (step.is_inside()) return 0;
    if (step.is_outside()) return std::ldexp(1.0, exponent);
    return below(special_.next_step(step, false), exponent - 1) +
           below(special_.next_step(step, true), exponent - 1);
  }

  const geo::PrefixSet& special_ = geo::special_networks();
};

class Census {
 public:
  Census(const geo::Map& map, std::span<const std::size_t> samples_of)
      : map_(map),
        samples_of_(samples_of),
        networks_(samples_of.size()),
        seen_(samples_of.size()) {}

  void visit(const geo::Piece& piece) {
    const Prefix& network = piece.network;
    const Family family = network.address.family();
    // Look-ups of such addresses find the IPv4 network.
    if (family == Family::V6 && network.length >= kSixToFour &&
        network.address.unwrapped().family() == Family::V4) {
      return;
    }
    const double size = ordinary_.measure(network);
    if (size == 0) return;
    const auto location = static_cast<std::uint64_t>(piece.location - map_.locations().data());
    Space& space = spaces_[location << 32 | piece.number];
    (family == Family::V4 ? space.ipv4 : space.ipv6) += size;
    sample(network, piece.number);
  }

  WorldCensus finish() {
    WorldCensus census;
    for (const auto& [key, space] : spaces_) {
      const geo::Location& location = map_.locations()[key >> 32];
      const auto number = static_cast<std::uint32_t>(key);
      Space& sum = census.spaces[{place_of(location), number}];
      sum.ipv4 += space.ipv4;
      sum.ipv6 += space.ipv6;
    }
    census.samples.resize(networks_.size());
    for (std::size_t i = 0; i < networks_.size(); ++i) {
      if (networks_[i].empty()) continue;
      for (std::size_t n = 0; n < samples_of_[i]; ++n) {
        census.samples[i].push_back(address_in(networks_[i][n % networks_[i].size()]));
      }
    }
    return census;
  }

 private:
  static WorldCensus::Place place_of(const geo::Location& location) {
    const bool is_known = location.country || location.coordinates || location.continent;
    return {is_known, location.country};
  }

  // As many networks of each class as it needs samples, each with the same chance.
  void sample(const Prefix& network, std::uint32_t number) {
    auto& networks = networks_[number];
    const std::size_t seen = seen_[number]++;
    if (networks.size() < samples_of_[number]) return networks.push_back(network);
    if (samples_of_[number] < 2) return;
    const auto at = std::uniform_int_distribution<std::size_t>(0, seen)(random_);
    if (at < networks.size()) networks[at] = network;
  }

  IpAddress address_in(const Prefix& network) {
    std::array<std::uint8_t, 16> octets{};
    const dnswire::Bytes fixed = network.address.octets();
    for (std::size_t i = 0; i < fixed.size(); ++i) {
      const int free = std::clamp<int>(8 * static_cast<int>(i + 1) - network.length, 0, 8);
      const auto mask = static_cast<std::uint8_t>((1U << static_cast<unsigned>(free)) - 1);
      octets[i] = static_cast<std::uint8_t>(fixed[i] | (random_() & mask));
    }
    const auto address = IpAddress::from_octets(network.address.family(),
                                                dnswire::Bytes(octets).first(fixed.size()));
    const bool stands_for_other = address.unwrapped().family() != address.family();
    return stands_for_other ? network.address : address;
  }

  const geo::Map& map_;
  const std::span<const std::size_t> samples_of_;
  const Ordinary ordinary_;
  std::unordered_map<std::uint64_t, Space> spaces_;  // location << 32 | class
  std::vector<std::vector<Prefix>> networks_;        // by class
  std::vector<std::size_t> seen_;
  std::minstd_rand random_;  // with its usual seed: the same map every time
};

}  // namespace

WorldCensus take_census(const geo::Map& map, const steering::Chart& chart,
                        std::span<const std::size_t> samples_of) {
  Census census(map, samples_of);
  geo::for_each_piece(map, chart.partition(),
                      [&census](const geo::Piece& piece) { census.visit(piece); });
  return census.finish();
}

}  // namespace admin
