#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dnswire/address.h"
#include "geo/binary_trie.h"
#include "geo/correction.h"
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

// What a Map can tell of any address at all; a rule that asks for more never matches.
struct Knows {
  bool continents = false;
  bool countries = false;
  bool subdivisions = false;
  bool coordinates = false;  // other than centroids
  bool asns = false;
};

// All databases and corrections merged into one immutable binary trie; the files are not touched
// after loading.
//
// Threads: immutable, share freely.
class Map {
 public:
  Map();  // knows nothing: every address is nowhere, at depth 0

  // IPv4 inside IPv6 is looked up as IPv4 (IpAddress::unwrapped).
  [[nodiscard]] Placement locate(const dnswire::IpAddress& address) const noexcept;

  [[nodiscard]] std::span<const DatabaseInfo> databases() const noexcept { return databases_; }
  [[nodiscard]] Knows knows() const noexcept;
  // The leaves are numbers of locations(); nodes whose children are equal leaves do not occur.
  [[nodiscard]] const BinaryTrie& trie() const noexcept { return trie_; }
  [[nodiscard]] std::span<const Location> locations() const noexcept { return locations_; }
  [[nodiscard]] std::size_t node_count() const noexcept { return trie_.nodes.size(); }
  [[nodiscard]] std::size_t location_count() const noexcept { return locations_.size(); }

 private:
  friend class MapBuilder;
  BinaryTrie trie_;
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
// subdivision's or country's centroid. Corrections win over all databases.
[[nodiscard]] LoadedMap load_map(std::span<const std::string> paths,
                                 std::span<const Correction> corrections = {});

}  // namespace geo
