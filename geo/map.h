#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dnswire/address.h"
#include "geo/location.h"

namespace geo {

// Depth to which the databases are followed, in bits: the finest client subnet that resolvers send
// (RFC 7871 11.1). A network that is divided further counts as its first address.
inline constexpr std::uint8_t kMaxDepth4 = 24;
inline constexpr std::uint8_t kMaxDepth6 = 56;

// Where an address is, and how many of its leading bits say so: every address that shares them is
// in the same place, and no shorter prefix has that property.
// Borrows: the location lives as long as the Map.
struct Placement {
  const Location* location;  // never null; all fields empty where nothing is known
  std::uint8_t depth;        // bits; of the unwrapped address
};

// What one database file is.
struct DatabaseInfo {
  std::string path;
  std::string type;  // as its maker calls it: "GeoLite2-City"
  std::chrono::system_clock::time_point built;
  std::size_t networks = 0;  // with data
};

// All databases merged into one immutable binary trie; the files are not touched after loading.
//
// Threads: immutable, share freely.
class Map {
 public:
  Map();  // knows nothing: every address is nowhere, at depth 0

  // IPv4 inside IPv6 is looked up as IPv4 (IpAddress::unwrapped).
  [[nodiscard]] Placement locate(const dnswire::IpAddress& address) const noexcept;

  [[nodiscard]] std::span<const DatabaseInfo> databases() const noexcept { return databases_; }
  [[nodiscard]] std::size_t node_count() const noexcept { return nodes_.size(); }
  [[nodiscard]] std::size_t location_count() const noexcept { return locations_.size(); }

 private:
  friend class MapBuilder;
  // A link is an index into nodes_, or, with the top bit set, into locations_.
  using Link = std::uint32_t;
  static constexpr Link kLeaf = 0x80000000;
  struct Node {
    Link children[2];
  };
  Link root4_ = kLeaf;
  Link root6_ = kLeaf;
  std::vector<Node> nodes_;
  std::vector<Location> locations_;  // [0] is nowhere
  std::vector<DatabaseInfo> databases_;
};

struct LoadedMap {
  Map map;
  // One sentence for each database that could not be used: which file, what is wrong with it, what
  // to do. The map holds the others.
  std::vector<std::string> problems;
};

// Opens, walks and verifies every database; of several, the first that knows a field of an address
// wins. Country and continent are completed from each other's tables, coordinates from the
// subdivision's or country's centroid.
[[nodiscard]] LoadedMap load_map(std::span<const std::string> paths);

}  // namespace geo
