// Places and decisions side by side, for counting the address space of each.
#pragma once

#include <cstdint>
#include <functional>

#include "dnswire/address.h"
#include "geo/map.h"
#include "geo/partition.h"

namespace geo {

// A network of one location and one number.
struct Piece {
  dnswire::Prefix network;
  const Location* location;  // one of map.locations()
  std::uint32_t number;      // of the partition
};

// Calls `visit` for all addresses of both families, in order, IPv4 first. IPv6 networks that hold
// IPv4 addresses are walked as they stand, though look-ups never come there.
void for_each_piece(const Map& map, const Partition& partition,
                    const std::function<void(const Piece&)>& visit);

}  // namespace geo
