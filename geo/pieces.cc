#include "geo/pieces.h"

#include <algorithm>
#include <array>

namespace geo {
namespace {

using dnswire::Prefix;
using Link = BinaryTrie::Link;

Prefix half(const Prefix& network, bool upper) {
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(network.address.octets(), octets.begin());
  if (upper) {
    std::uint8_t& octet = octets[network.length / 8U];
    octet = static_cast<std::uint8_t>(octet | 0x80U >> network.length % 8U);
  }
  const dnswire::Bytes all = dnswire::Bytes(octets).first(network.address.octets().size());
  return {dnswire::IpAddress::from_octets(network.address.family(), all),
          static_cast<std::uint8_t>(network.length + 1)};
}

// The networks of a Map inside one of a partition.
class Pieces {
 public:
  Pieces(const Map& map, std::uint32_t number, const std::function<void(const Piece&)>& visit)
      : map_(map), number_(number), visit_(visit) {}

  void inside(const Prefix& network) {
    Link link = map_.trie().root(network.address.family());
    for (unsigned depth = 0; depth < network.length && !BinaryTrie::is_leaf(link); ++depth) {
      link = map_.trie().nodes[link].children[network.address.bit(depth) ? 1 : 0];
    }
    below(link, network);
  }

 private:
  void below(Link link, const Prefix& network) {
    if (BinaryTrie::is_leaf(link)) {
      visit_({network, &map_.locations()[BinaryTrie::number(link)], number_});
      return;
    }
    const auto& children = map_.trie().nodes[link].children;
    below(children[0], half(network, false));
    below(children[1], half(network, true));
  }

  const Map& map_;
  std::uint32_t number_;
  const std::function<void(const Piece&)>& visit_;
};

}  // namespace

void for_each_piece(const Map& map, const Partition& partition,
                    const std::function<void(const Piece&)>& visit) {
  partition.walk([&](const Prefix& network, std::uint32_t number) {
    Pieces(map, number, visit).inside(network);
  });
}

}  // namespace geo
