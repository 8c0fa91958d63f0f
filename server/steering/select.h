// The choice among the members of one pool.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "geo/location.h"
#include "health/board.h"
#include "server/steering/decide.h"
#include "server/steering/plan.h"
#include "server/steering/trace.h"

namespace steering {

// What selecting from a pool needs to know of the moment.
struct Situation {
  const Plan& plan;
  const health::Board& board;
  dnswire::Family family;
  std::optional<geo::Coordinates> client;  // where the client is
};

// How soon an answer may have to change, and because of whom.
struct Steadiness {
  std::chrono::seconds time = std::chrono::seconds::max();  // max: nothing can change it
  EndpointId whose{};

  void rest_on(const Plan& plan, const health::Board& board, EndpointId endpoint,
               dnswire::Family family) noexcept;
};

// What a pool offers to a family, before anything is picked.
struct Census {
  std::size_t present = 0;  // members with an address of the family
  std::size_t healthy = 0;
};
[[nodiscard]] Census count_members(const Situation& now, const Pool& pool) noexcept;

// Appends the picked addresses, best first, to workspace.addresses, and to `steadiness` what they
// rest on. `as_if_up`: health is not looked at (the last resort).
void select(const Situation& now, const Pool& pool, bool as_if_up, Workspace& workspace,
            Steadiness& steadiness);

// The same pool written down for people; `picked` are the addresses that `select` took from it.
[[nodiscard]] Trace::VisitedPool describe(const Situation& now, PoolId id, bool serves,
                                          std::span<const dnswire::IpAddress> picked);

}  // namespace steering
