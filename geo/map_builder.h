// Several databases made into one Map.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "geo/database.h"
#include "geo/location_index.h"
#include "geo/map.h"

namespace geo {

// What is known with `more` added: each field that is missing in `known`, unless the two speak of
// different places. The AS number has nothing to do with the place.
[[nodiscard]] Location merged(Location known, const Location& more);

// The continent from the country, and coordinates from the subdivision or country.
[[nodiscard]] Location completed(Location location);

class MapBuilder {
 public:
  // Of several databases, the first that knows a field of an address wins.
  [[nodiscard]] static Map build(std::vector<Database> databases);

 private:
  using Link = Map::Link;

  explicit MapBuilder(std::span<const Database> databases);

  Link merge(unsigned depth);
  Link leaf(std::span<const Tree::Link> links);
  [[nodiscard]] std::span<Tree::Link> level(unsigned depth) noexcept;
  [[nodiscard]] std::span<Tree::Link> right_siblings(unsigned depth) noexcept;

  std::span<const Database> databases_;
  std::vector<Tree::Link> links_;    // by depth: where we are in each database
  std::vector<Tree::Link> pending_;  // by depth: the right-hand siblings, not walked yet
  std::vector<Map::Node> nodes_;
  LocationIndex partial_;  // merged from the first databases
  LocationIndex locations_;
  // For each database: number in partial_ << 32 | number of record, to number in partial_.
  std::vector<std::unordered_map<std::uint64_t, std::uint32_t>> merged_;
  std::unordered_map<std::uint32_t, std::uint32_t> completed_;  // from partial_ to locations_
};

}  // namespace geo
