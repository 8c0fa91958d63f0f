#include "zones/zone_set.h"

#include <algorithm>

namespace zones {

using dnswire::SearchName;

bool ZoneSet::add(std::shared_ptr<const Zone> zone) {
  const SearchName origin(zone->origin());
  const std::size_t labels = origin.labels();
  if (find_origin(origin, labels) != nullptr) return false;
  has_origin_[labels] = true;
  deepest_ = std::max(deepest_, labels);
  zones_.push_back(std::move(zone));
  if (zones_.size() * 2 > slots_.size()) {
    slots_.assign(slots_.size() * 2, Slot{});
    for (const auto& each : zones_) put(*each);
  } else {
    put(*zones_.back());
  }
  return true;
}

void ZoneSet::put(const Zone& zone) noexcept {
  const SearchName origin(zone.origin());
  const std::uint64_t hash = origin.hash(origin.labels());
  std::size_t i = slot_of(hash);
  while (slots_[i].zone != nullptr) i = (i + 1) & (slots_.size() - 1);
  slots_[i] = {hash, &zone};
}

const Zone* ZoneSet::find_origin(const SearchName& name, std::size_t suffix) const noexcept {
  const std::uint64_t hash = name.hash(suffix);
  for (std::size_t i = slot_of(hash); slots_[i].zone != nullptr;
       i = (i + 1) & (slots_.size() - 1)) {
    if (slots_[i].hash == hash &&
        name.equals(suffix, slots_[i].zone->origin(), slots_[i].zone->is_lower(Zone::kApex))) {
      return slots_[i].zone;
    }
  }
  return nullptr;
}

const Zone* ZoneSet::find(const SearchName& name, std::size_t suffix) const noexcept {
  for (suffix = std::min(suffix, deepest_);; --suffix) {
    if (has_origin_[suffix]) {
      if (const Zone* const zone = find_origin(name, suffix)) return zone;
    }
    if (suffix == 0) return nullptr;
  }
}

const Zone* ZoneSet::find(dnswire::NameView name) const noexcept {
  const SearchName search(name);
  return find(search, search.labels());
}

}  // namespace zones
