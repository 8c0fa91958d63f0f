#include "zones/name_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

namespace zones {

using dnswire::NameView;

namespace {

constexpr std::size_t kLeastSlots = 64;

constexpr std::size_t slots_for(std::size_t names) {
  return std::bit_ceil(std::max(names + names / 2 + 1, kLeastSlots));
}

constexpr std::uint8_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint8_t>(hash >> 56 | 0x80);
}

constexpr std::uint8_t lowered(std::uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet | 0x20) : octet;
}

// Eight octets of a name's sort key from `depth` on, the first of them the most significant. Keys
// compare as octet strings the way names compare canonically: labels from the right, letters in
// lower case, an octet 0 behind each label. The octets 0 and 1 of a label become 1 1 and 1 2, so
// that nothing but an end is below them. Octets behind the end of the key are 0.
// `labels`: so many on the right are left out.
class SortKey {
 public:
  explicit SortKey(std::size_t depth) : at_(-static_cast<std::ptrdiff_t>(depth)) {}

  std::uint64_t of(NameView name, std::size_t labels) && {
    std::array<std::uint8_t, dnswire::kMaxLabelCount> starts;
    std::size_t count = 0;
    const std::uint8_t* const wire = name.wire().data();
    for (std::size_t at = 0; wire[at] != 0; at += wire[at] + std::size_t{1}) {
      starts[count++] = static_cast<std::uint8_t>(at);
    }
    while (count > labels && !is_full()) {
      add_label(wire + starts[count - labels - 1]);
      --count;
    }
    return key_;
  }

 private:
  static constexpr std::ptrdiff_t kSize = 8;

  bool is_full() const { return at_ >= kSize; }

  void add_label(const std::uint8_t* label) {
    for (std::size_t i = 1; i <= label[0] && !is_full(); ++i) {
      const std::uint8_t octet = lowered(label[i]);
      if (octet > 1) {
        add(octet);
      } else {
        add(1);
        add(static_cast<std::uint8_t>(octet + 1));
      }
    }
    add(0);
  }

  void add(std::uint8_t octet) {
    if (at_ >= 0 && at_ < kSize) key_ |= std::uint64_t{octet} << (8 * (kSize - 1 - at_));
    ++at_;
  }

  std::ptrdiff_t at_;  // of the next octet
  std::uint64_t key_ = 0;
};

struct Keyed {
  std::uint64_t key;
  std::uint32_t index;
};

// Eight octets of key at a time: names whose first eight differ, most of them, are never looked at
// again.
void sort_from(std::span<Keyed> names, std::size_t depth, std::size_t labels,
               const NameTable& table) {
  for (Keyed& name : names) name.key = SortKey(depth).of(table.name(name.index), labels);
  std::ranges::sort(names, {}, &Keyed::key);
  for (auto first = names.begin(); first != names.end();) {
    const auto last =
        std::find_if(first, names.end(), [&](const Keyed& name) { return name.key != first->key; });
    if (last - first > 1) sort_from({first, last}, depth + 8, labels, table);
    first = last;
  }
}

}  // namespace

void NameTable::reserve(std::size_t names) {
  starts_.reserve(names);
  if (slots_for(names) > tags_.size()) make_slots(slots_for(names));
}

NameTable::Place NameTable::find(NameView name) const noexcept {
  const std::uint64_t hash = name.hash();
  Place place{kNone, tag_of(hash), 0};
  if (tags_.empty()) return place;
  const std::size_t mask = tags_.size() - 1;
  for (place.slot = hash & mask; tags_[place.slot] != 0; place.slot = (place.slot + 1) & mask) {
    if (tags_[place.slot] != place.tag || this->name(indexes_[place.slot]) != name) continue;
    place.index = indexes_[place.slot];
    break;
  }
  return place;
}

std::uint32_t NameTable::add(const Place& place, NameView name) {
  const auto index = static_cast<std::uint32_t>(starts_.size());
  const dnswire::Bytes wire = name.wire();
  starts_.push_back(static_cast<std::uint32_t>(arena_.size()));
  arena_.push_back(static_cast<std::uint8_t>(wire.size()));
  arena_.insert(arena_.end(), wire.begin(), wire.end());
  if (slots_for(starts_.size()) > tags_.size()) {
    make_slots(slots_for(starts_.size()));
  } else {
    tags_[place.slot] = place.tag;
    indexes_[place.slot] = index;
  }
  return index;
}

void NameTable::make_slots(std::size_t count) {
  tags_.assign(count, 0);
  indexes_.resize(count);
  const std::size_t mask = count - 1;
  for (std::uint32_t index = 0; index < starts_.size(); ++index) {
    const std::uint64_t hash = name(index).hash();
    std::size_t slot = hash & mask;
    while (tags_[slot] != 0) slot = (slot + 1) & mask;
    tags_[slot] = tag_of(hash);
    indexes_[slot] = index;
  }
}

std::vector<std::uint32_t> NameTable::canonical_order(std::size_t labels) const {
  std::vector<Keyed> names(size());
  for (std::uint32_t index = 0; index < names.size(); ++index) names[index].index = index;
  sort_from(names, 0, labels, *this);
  std::vector<std::uint32_t> order(names.size());
  std::ranges::transform(names, order.begin(), &Keyed::index);
  return order;
}

}  // namespace zones
