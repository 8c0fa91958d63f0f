#include "zones/zone_set.h"

#include <algorithm>

namespace zones {

bool ZoneSet::add(std::shared_ptr<const Zone> zone) {
  const dnswire::NameView origin = zone->origin();
  if (!by_origin_.emplace(dnswire::Name(origin), zone.get()).second) return false;
  deepest_ = std::max(deepest_, origin.label_count());
  zones_.push_back(std::move(zone));
  return true;
}

const Zone* ZoneSet::find(dnswire::NameView name) const noexcept {
  if (zones_.empty()) return nullptr;
  for (std::size_t labels = name.label_count(); labels > deepest_; --labels) name = name.parent();
  for (;;) {
    if (const auto found = by_origin_.find(name); found != by_origin_.end()) return found->second;
    if (name.is_root()) return nullptr;
    name = name.parent();
  }
}

}  // namespace zones
