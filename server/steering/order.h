// In what order `nearest` looks at the members of a pool.
#pragma once

#include <optional>
#include <vector>

#include "geo/location.h"
#include "server/steering/chart.h"
#include "server/steering/plan.h"

namespace steering {

// An endpoint with an address of a family, and the member of the pool that it is, or is below of.
struct Leaf {
  std::uint32_t member = 0;
  EndpointId endpoint{};
};
// As written; those of member pools with those of the pools that they spill to.
[[nodiscard]] std::vector<Leaf> leaves_of(const Plan& plan, PoolId pool, dnswire::Family family);

// In km as `nearest` counts them: with the endpoint's bias. Absent when either place is unknown.
[[nodiscard]] std::optional<double> biased_distance(const Endpoint& endpoint,
                                                    const geo::Location& client) noexcept;

// Whose place in `order` the client is in: its subdivision's, else its country's; or null.
[[nodiscard]] const PlaceOrder* find_place_order(const Pool& pool,
                                                 const geo::Location& client) noexcept;

// Those that the pool's `order` names for the client, then the others by distance, those of unknown
// distance behind them. A client of unknown place gets `order_elsewhere`, then what is left as
// written. Two are in one group whose distances differ by 5 % at most, from the nearest of the
// group.
[[nodiscard]] Order order_for(const Plan& plan, const Pool& pool, const std::vector<Leaf>& leaves,
                              const geo::Location& client);

}  // namespace steering
