// A Map and the networks of rules made into one Partition.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "geo/map.h"
#include "geo/partition.h"
#include "geo/prefix_set.h"

namespace geo {

// What is decided for addresses at `location`, which is one of map.locations(), and inside those of
// the sets whose `inside` is true; a number below Partition::kNumbers.
using Classify =
    std::function<std::uint32_t(const Location& location, std::span<const bool> inside)>;

// `classify` is asked once for each pair that occurs, and must answer by the pair alone. Addresses
// in `nowhere` are at map.locations()[0], of which nothing is known, whatever the map says.
// The map is followed as deep as it goes, the sets to their full length. Takes a few ms for a
// database of countries, as long as the walk of its nodes.
[[nodiscard]] Partition build_partition(const Map& map, std::span<const PrefixSet* const> sets,
                                        const PrefixSet& nowhere, const Classify& classify);

}  // namespace geo
