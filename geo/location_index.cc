#include "geo/location_index.h"

#include <functional>

namespace geo {
namespace {

std::size_t hash_of(const Location& location) noexcept {
  std::size_t seed = std::hash<std::string>{}(location.subdivision);
  const auto mix = [&seed](std::size_t value) {
    seed ^= value + 0x9e3779b97f4a7c15 + (seed << 6) + (seed >> 2);
  };
  if (location.continent) mix(static_cast<std::size_t>(*location.continent) + 1);
  if (location.country) mix(std::hash<std::string_view>{}(location.country->text()));
  if (location.coordinates) {
    mix(std::hash<double>{}(location.coordinates->latitude));
    mix(std::hash<double>{}(location.coordinates->longitude));
  }
  mix(location.asn);
  return seed;
}

}  // namespace

LocationIndex::LocationIndex() { add({}); }

std::uint32_t LocationIndex::add(Location location) {
  const std::size_t hash = hash_of(location);
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    if (locations_[it->second] == location) return it->second;
  }
  const auto number = static_cast<std::uint32_t>(locations_.size());
  locations_.push_back(std::move(location));
  by_hash_.emplace(hash, number);
  return number;
}

}  // namespace geo
