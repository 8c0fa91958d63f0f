#include "geo/prefix_set.h"

namespace geo {
namespace {

constexpr std::uint32_t root_of(dnswire::Family family) noexcept {
  return family == dnswire::Family::V4 ? 0 : 1;
}

}  // namespace

// Kept minimal, so that match() only walks: below a member there is nothing, two members that are
// siblings become their parent, and every other node but a root leads to a member.
void PrefixSet::insert(const dnswire::Prefix& prefix) {
  empty_ = false;
  std::array<std::uint32_t, 129> path{};  // by depth
  path[0] = root_of(prefix.address.family());
  for (unsigned depth = 0; depth < prefix.length; ++depth) {
    const std::uint32_t here = path[depth];
    if (nodes_[here].member) return;
    const std::size_t side = prefix.address.bit(depth) ? 1 : 0;
    if (nodes_[here].children[side] == 0) {
      const auto child = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
      nodes_[here].children[side] = child;
    }
    path[depth + 1] = nodes_[here].children[side];
  }
  nodes_[path[prefix.length]] = {.children = {}, .member = true};
  for (unsigned depth = prefix.length; depth-- > 0;) {
    const auto [left, right] = nodes_[path[depth]].children;
    if (left == 0 || right == 0 || !nodes_[left].member || !nodes_[right].member) return;
    nodes_[path[depth]] = {.children = {}, .member = true};
  }
}

PrefixSet::Match PrefixSet::match(const dnswire::IpAddress& address) const noexcept {
  const std::uint32_t root = root_of(address.family());
  std::uint32_t here = root;
  std::uint8_t depth = 0;
  while (!nodes_[here].member) {
    const auto& children = nodes_[here].children;
    if (here == root && children[0] == 0 && children[1] == 0) return {false, 0};
    // A node that is no member always has a child: the address has bits left.
    here = children[address.bit(depth) ? 1 : 0];
    ++depth;
    if (here == 0) return {false, depth};
  }
  return {true, depth};
}

PrefixSet::Step PrefixSet::first_step(dnswire::Family family) const noexcept {
  const std::uint32_t root = root_of(family);
  if (nodes_[root].member) return Step(Step::kInside);
  const auto& children = nodes_[root].children;
  return Step(children[0] == 0 && children[1] == 0 ? Step::kOutside : root);
}

PrefixSet::Step PrefixSet::next_step(Step from, bool bit) const noexcept {
  const std::uint32_t child = nodes_[from.node_].children[bit ? 1 : 0];
  if (child == 0) return Step(Step::kOutside);
  return Step(nodes_[child].member ? Step::kInside : child);
}

}  // namespace geo
