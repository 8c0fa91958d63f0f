#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "dnswire/name.h"
#include "zones/zone.h"

namespace zones {

// All zones of a server.
//
// Threads: build first, then share freely.
class ZoneSet {
 public:
  // False: there is a zone of that origin already.
  bool add(std::shared_ptr<const Zone> zone);

  // The zone whose origin is the longest match for `name` by label (RFC 1034 4.3.2 step 2), or
  // null.
  [[nodiscard]] const Zone* find(dnswire::NameView name) const noexcept;

  [[nodiscard]] const std::vector<std::shared_ptr<const Zone>>& all() const noexcept {
    return zones_;
  }

 private:
  std::vector<std::shared_ptr<const Zone>> zones_;
  std::unordered_map<dnswire::Name, const Zone*, dnswire::NameHash, dnswire::NameEqual> by_origin_;
  std::size_t deepest_ = 0;  // labels of the longest origin
};

}  // namespace zones
