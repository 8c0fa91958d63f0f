#include "zones/zone.h"

#include <algorithm>
#include <bit>

namespace zones {

using dnswire::NameView;
using dnswire::RrType;

NameView Zone::name(NodeId node) const noexcept {
  const Node& entry = at(node);
  return NameView::trusted({arena_.data() + entry.name, entry.name_size});
}

RrSet Zone::rrset_at(NodeId node, std::size_t index) const noexcept {
  const RrSetEntry& entry = rrsets_[at(node).first_rrset + index];
  return RrSet(entry.type, entry.ttl, {arena_.data() + entry.data, entry.size});
}

std::size_t Zone::rrset_count(NodeId node) const noexcept { return at(node).rrset_count; }

std::optional<RrSet> Zone::rrset(NodeId node, RrType type) const noexcept {
  const Node& owner = at(node);
  for (std::size_t i = 0; i < owner.rrset_count; ++i) {
    if (rrsets_[owner.first_rrset + i].type == type) return rrset_at(node, i);
  }
  return std::nullopt;
}

std::optional<DynamicId> Zone::dynamic(NodeId node) const noexcept {
  const std::uint32_t id = at(node).dynamic;
  return id == kNone ? std::nullopt : std::optional(DynamicId{id});
}

std::optional<NodeId> Zone::cut(NodeId node) const noexcept {
  const std::uint32_t id = at(node).cut;
  return id == kNone ? std::nullopt : std::optional(NodeId{id});
}

std::optional<NodeId> Zone::wildcard(NodeId node) const noexcept {
  const std::uint32_t id = at(node).wildcard;
  return id == kNone ? std::nullopt : std::optional(NodeId{id});
}

std::optional<NodeId> Zone::find(NameView name) const noexcept {
  const std::uint64_t hash = name.hash();
  const std::size_t mask = slots_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t i = hash & mask; slots_[i].node != kNone; i = (i + 1) & mask) {
    const NodeId node{slots_[i].node};
    if (slots_[i].hash == tag && this->name(node) == name) return node;
  }
  return std::nullopt;
}

NodeId Zone::closest_encloser(NameView name) const noexcept {
  for (std::size_t labels = name.label_count(); labels > deepest_; --labels) name = name.parent();
  for (;;) {
    if (const auto node = find(name)) return *node;
    name = name.parent();  // ends at the apex at the latest, which exists
  }
}

std::size_t Zone::bytes() const noexcept {
  return nodes_.size() * sizeof(Node) + rrsets_.size() * sizeof(RrSetEntry) + arena_.size() +
         slots_.size() * sizeof(Slot);
}

void Zone::make_index() {
  slots_.assign(std::bit_ceil(nodes_.size() * 3 / 2 + 1), Slot{});
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
    const NameView owner = name(NodeId{node});
    const std::uint64_t hash = owner.hash();
    std::size_t i = hash & mask;
    while (slots_[i].node != kNone) i = (i + 1) & mask;
    slots_[i] = {static_cast<std::uint32_t>(hash >> 32), node};
    deepest_ = std::max(deepest_, owner.label_count());
  }
}

}  // namespace zones
