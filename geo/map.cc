#include "geo/map.h"

#include <utility>

#include "geo/database.h"
#include "geo/map_builder.h"

namespace geo {

Map::Map() : locations_(1) {}

Placement Map::locate(const dnswire::IpAddress& address) const noexcept {
  const dnswire::IpAddress inner = address.unwrapped();
  Link link = inner.family() == dnswire::Family::V4 ? root4_ : root6_;
  std::uint8_t depth = 0;
  while ((link & kLeaf) == 0) {
    link = nodes_[link].children[inner.bit(depth) ? 1 : 0];
    ++depth;
  }
  return {&locations_[link & ~kLeaf], depth};
}

LoadedMap load_map(std::span<const std::string> paths) {
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
  result.map = MapBuilder::build(std::move(databases));
  return result;
}

}  // namespace geo
