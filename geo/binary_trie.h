// Networks of both families as a tree that is divided bit by bit.
#pragma once

#include <cstdint>
#include <vector>

#include "dnswire/address.h"

namespace geo {

// What a leaf's number means is for the owner to say.
struct BinaryTrie {
  // An index into `nodes`, or, with the top bit set, the number of a leaf.
  using Link = std::uint32_t;
  static constexpr Link kLeaf = 0x80000000;
  struct Node {
    Link children[2];
  };

  [[nodiscard]] static constexpr bool is_leaf(Link link) noexcept { return (link & kLeaf) != 0; }
  // Requires: is_leaf(link).
  [[nodiscard]] static constexpr std::uint32_t number(Link link) noexcept { return link & ~kLeaf; }
  [[nodiscard]] Link root(dnswire::Family family) const noexcept {
    return family == dnswire::Family::V4 ? root4 : root6;
  }

  Link root4 = kLeaf;
  Link root6 = kLeaf;
  std::vector<Node> nodes;
};

}  // namespace geo
