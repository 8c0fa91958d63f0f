// Plans, boards and clients as no one would write them, for tests that compare.
#pragma once

#include <vector>

#include "tests/dnswire/random.h"
#include "tests/server/steering/world.h"

namespace steering {

using dnswire::testing::Random;

// Endpoints of several addresses, some of them shared; pools of every pick, nested; records with
// rules of every kind. `with_draws`: `weighted` among the picks. The map is left as it is.
[[nodiscard]] World random_world(Random& random, bool with_draws);

// Everybody in some state, often many of them down, some forced.
void randomize_board(Random& random, World& world);

// Dense where random clients are, with countries, subdivisions, AS numbers and bare coordinates.
[[nodiscard]] geo::Map random_map(Random& random);

// Of any family, IPv4 inside IPv6 and special networks included.
[[nodiscard]] dnswire::IpAddress random_client(Random& random);

// Any address with the same first bits. Requires: `length` is at most address.bits().
[[nodiscard]] dnswire::IpAddress random_inside(Random& random, const dnswire::IpAddress& address,
                                               unsigned length);

// First and last addresses of the networks that the record's rules name, and those beside them.
[[nodiscard]] std::vector<dnswire::IpAddress> edges_of_rules(const DynamicRecord& record);

}  // namespace steering
