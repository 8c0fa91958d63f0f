#include "geo/correction_tree.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "geo/location_index.h"

namespace geo {
namespace {

using dnswire::Family;
using dnswire::Prefix;

bool has_place(const Location& location) noexcept {
  return location.country || location.continent || location.coordinates ||
         !location.subdivision.empty();
}

// The network that stands for `net`, no longer than databases are followed; empty if another one
// has its first address.
std::optional<Prefix> cut(const Prefix& net) noexcept {
  const std::uint8_t limit = net.address.family() == Family::V4 ? kMaxDepth4 : kMaxDepth6;
  if (net.length <= limit) return net;
  if (net.address.masked(limit) != net.address) return std::nullopt;
  return Prefix{net.address, limit};
}

class CorrectionTreeBuilder {
 public:
  // Requires: wider corrections come before those inside them.
  void add(const Prefix& net, const Location& location) {
    Tree::Link link = tree_.root(net.address.family());
    std::optional<Tree::Link> parent;
    for (unsigned depth = 0; depth < net.length; ++depth) {
      if (Tree::is_leaf(link)) {
        const auto divided = static_cast<Tree::Link>(tree_.nodes.size());
        tree_.nodes.push_back({{link, link}});
        place(net, parent, depth) = divided;
        link = divided;
      }
      parent = link;
      link = tree_.nodes[link].children[net.address.bit(depth) ? 1 : 0];
    }
    const Location& wider = records_[Tree::number(link)];
    place(net, parent, net.length) = Tree::kLeaf | records_.add(corrected(wider, location));
  }

  [[nodiscard]] Tree take() && {
    tree_.records = std::move(records_).take();
    return std::move(tree_);
  }

 private:
  // Where the link to the network's first `depth` bits is.
  Tree::Link& place(const Prefix& net, std::optional<Tree::Link> parent, unsigned depth) noexcept {
    if (parent) return tree_.nodes[*parent].children[net.address.bit(depth - 1) ? 1 : 0];
    return net.address.family() == Family::V4 ? tree_.root4 : tree_.root6;
  }

  Tree tree_;
  LocationIndex records_;
};

}  // namespace

Location corrected(Location known, const Location& correction) {
  const std::uint32_t asn = correction.asn != 0 ? correction.asn : known.asn;
  if (has_place(correction)) {
    known = correction;
    known.source = kFromCorrection;
  }
  known.asn = asn;
  return known;
}

Tree correction_tree(std::span<const Correction> corrections) {
  std::vector<const Correction*> by_length;
  for (const Correction& correction : corrections) by_length.push_back(&correction);
  std::ranges::stable_sort(by_length, {}, [](const Correction* one) { return one->net.length; });
  CorrectionTreeBuilder builder;
  for (const Correction* correction : by_length) {
    if (const auto net = cut(correction->net)) builder.add(*net, correction->location);
  }
  return std::move(builder).take();
}

}  // namespace geo
