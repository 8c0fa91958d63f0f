// One MaxMind DB file, read, verified and compiled to a tree of what we use of it.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "geo/binary_trie.h"
#include "geo/location.h"
#include "geo/map.h"

namespace geo {

// What a database says of networks, each of them down to kMaxDepth4 or kMaxDepth6 bits.
struct Tree : BinaryTrie {
  // The leaves are indices into these. As the database has them, nothing completed; no two are
  // equal; [0] knows nothing.
  std::vector<Location> records = std::vector<Location>(1);
};

struct Database {
  DatabaseInfo info;
  Tree tree;
};

// The error is a sentence for the operator: which file, what is wrong with it, what to do.
// A file that is damaged in any place that we read is refused as a whole.
[[nodiscard]] tl::expected<Database, std::string> load_database(const std::string& path);

}  // namespace geo
