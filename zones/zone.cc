#include "zones/zone.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <utility>

namespace zones {

using dnswire::NameView;
using dnswire::SearchName;

RrSet Zone::rrset_at(NodeId node, std::size_t index) const noexcept {
  const std::uint8_t* at = first_rrset(node);
  for (; index > 0; --index) at = end_of(read_rrset(at));
  return view(read_rrset(at));
}

Sheet Zone::sheet(NodeId node, const RrSet& rrset) const noexcept {
  const std::uint8_t* const records = rrset.records().data();
  const RrSetHead of = read_rrset(records - sizeof(RrSetHead)).head;
  if (of.sheet == kNoSheet) return {};
  Sheet sheet{rrset.records(), {}, of.count, head(node).name_size};
  if (of.sheet == kSheetIsRecords) return sheet;
  const std::uint8_t* const count = records + of.size;
  const std::size_t pointers = sizeof(std::uint16_t) * detail::load<std::uint16_t>(count);
  sheet.pointers = {count + sizeof(std::uint16_t), pointers};
  sheet.records = {sheet.pointers.data() + pointers, of.sheet};
  return sheet;
}

Sheet Zone::denial() const noexcept {
  const auto* const pointers = reinterpret_cast<const std::uint8_t*>(denial_.pointers.data());
  return {denial_.records,
          {pointers, denial_.pointers.size() * sizeof(std::uint16_t)},
          1,
          static_cast<std::uint8_t>(origin().size())};
}

std::optional<NodeId> Zone::find(NameView name) const noexcept {
  const SearchName search(name);
  return find(search, search.labels());
}

NodeId Zone::closest_encloser(const SearchName& name, std::size_t suffix) const noexcept {
  for (suffix = std::min(suffix, deepest_); suffix > least_; --suffix) {
    if (const auto node = find(name, suffix)) return *node;
  }
  return kApex;
}

NodeId Zone::closest_encloser(NameView name) const noexcept {
  const SearchName search(name);
  return closest_encloser(search, search.labels());
}

NodeId Zone::next(NodeId node) const noexcept {
  const std::uint8_t* end = first_rrset(node);
  for (std::size_t left = rrset_count(node); left > 0; --left) end = end_of(read_rrset(end));
  const auto octets = static_cast<std::size_t>(end - arena_.data());
  return NodeId{static_cast<std::uint32_t>((octets + kAlignment - 1) / kAlignment)};
}

std::size_t Zone::bytes() const noexcept {
  return arena_.size() + slots_.size() * sizeof(Slot) + links_.size() * sizeof(Links);
}

void Zone::make_index() {
  slots_.assign(std::bit_ceil(node_count_ * 3 / 2 + 2), Slot{});
  shift_ = 64U - static_cast<unsigned>(std::countr_zero(slots_.size()));
  const std::size_t mask = slots_.size() - 1;
  least_ = origin().label_count();
  // A slot is somewhere in memory: many are asked for before the first of them is needed.
  struct Entry {
    std::size_t at;
    Slot slot;
  };
  std::array<Entry, 32> ahead;
  std::size_t count = 0;
  const auto place_all = [&] {
    for (const Entry& entry : std::span(ahead).first(std::exchange(count, 0))) {
      std::size_t i = entry.at;
      while (slots_[i].node != kNone) i = (i + 1) & mask;
      slots_[i] = entry.slot;
    }
  };
  for (const NodeId node : nodes()) {
    const SearchName owner(name(node));
    const std::uint64_t hash = owner.hash(owner.labels());
    const std::size_t at = slot_of(hash);
    __builtin_prefetch(&slots_[at], 1);
    ahead[count++] = {at, {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(node)}};
    if (count == ahead.size()) place_all();
    deepest_ = std::max(deepest_, owner.labels());
  }
  place_all();
}

}  // namespace zones
