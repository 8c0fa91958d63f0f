#include "geo/map.h"

#include <utility>

#include "geo/correction_tree.h"
#include "geo/database.h"
#include "geo/map_builder.h"

namespace geo {

Map::Map() : locations_(1) {}

Placement Map::locate(const dnswire::IpAddress& address) const noexcept {
  const dnswire::IpAddress inner = address.unwrapped();
  BinaryTrie::Link link = trie_.root(inner.family());
  std::uint8_t depth = 0;
  while (!BinaryTrie::is_leaf(link)) {
    link = trie_.nodes[link].children[inner.bit(depth) ? 1 : 0];
    ++depth;
  }
  return {&locations_[BinaryTrie::number(link)], depth};
}

Knows Map::knows() const noexcept {
  Knows knows;
  for (const Location& location : locations_) {
    knows.continents |= location.continent.has_value();
    knows.countries |= location.country.has_value();
    knows.subdivisions |= !location.subdivision.empty();
    knows.coordinates |= location.coordinates.has_value() && !location.coordinates_are_centroid;
    knows.asns |= location.asn != 0;
  }
  return knows;
}

LoadedMap load_map(std::span<const std::string> paths, std::span<const Correction> corrections) {
  LoadedMap result;
  std::vector<Database> databases;
  for (const std::string& path : paths) {
    auto database = load_database(path);
    if (database) {
      databases.push_back(*std::move(database));
    } else {
      result.problems.push_back(std::move(database).error());
    }
  }
  result.map = MapBuilder::build(std::move(databases), correction_tree(corrections));
  return result;
}

}  // namespace geo
