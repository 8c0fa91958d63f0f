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
// different places. The AS number has nothing to do with the place, nor with its source.
[[nodiscard]] Location merged(Location known, const Location& more);

// The continent from the country, and coordinates from the subdivision or country.
[[nodiscard]] Location completed(Location location);

class MapBuilder {
 public:
  // Of several databases, the first that knows a field of an address wins; corrections, a
  // correction_tree(), win over all of them.
  [[nodiscard]] static Map build(std::vector<Database> databases, const Tree& corrections = {});

 private:
  using Link = BinaryTrie::Link;

  MapBuilder(std::span<const Database> databases, const Tree& corrections);

  Link merge(dnswire::Family family);
  Link merge(unsigned depth);
  Link leaf(std::span<const Tree::Link> links);
  [[nodiscard]] Location joined(const Location& known, std::size_t tree,
                                std::uint32_t record) const;
  [[nodiscard]] std::span<Tree::Link> level(unsigned depth) noexcept;
  [[nodiscard]] std::span<Tree::Link> right_siblings(unsigned depth) noexcept;

  std::vector<const Tree*> trees_;   // of the databases, then the corrections
  std::vector<Tree::Link> links_;    // by depth: where we are in each tree
  std::vector<Tree::Link> pending_;  // by depth: the right-hand siblings, not walked yet
  std::vector<BinaryTrie::Node> nodes_;
  LocationIndex partial_;  // merged from the first trees
  LocationIndex locations_;
  // For each tree: number in partial_ << 32 | number of record, to number in partial_.
  std::vector<std::unordered_map<std::uint64_t, std::uint32_t>> merged_;
  std::unordered_map<std::uint32_t, std::uint32_t> completed_;  // from partial_ to locations_
};

}  // namespace geo
