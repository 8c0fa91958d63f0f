// Distinct locations, numbered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "geo/location.h"

namespace geo {

// Number 0 is the location of which nothing is known.
class LocationIndex {
 public:
  LocationIndex();

  // The number of an equal location, which is added if there is none yet.
  std::uint32_t add(Location location);
  [[nodiscard]] const Location& operator[](std::uint32_t number) const noexcept {
    return locations_[number];
  }
  [[nodiscard]] std::vector<Location> take() && noexcept { return std::move(locations_); }

 private:
  std::vector<Location> locations_;
  std::unordered_multimap<std::size_t, std::uint32_t> by_hash_;
};

}  // namespace geo
