// The choice among the members of one pool.
#pragma once

#include <chrono>
#include <cstddef>

#include "server/steering/decide.h"
#include "server/steering/eligible.h"
#include "server/steering/plan.h"
#include "server/steering/situation.h"

namespace steering {

// How soon an answer may have to change, and because of whom.
struct Steadiness {
  std::chrono::seconds time = std::chrono::seconds::max();  // max: nothing can change it
  EndpointId whose{};
  std::chrono::seconds cap = std::chrono::seconds::max();  // what an override allows
  EndpointId capped_by{};                                  // meaningless where `cap` is max

  void rest_on(EndpointId endpoint, const health::Standing& standing) noexcept {
    if (standing.steady < time) {
      time = standing.steady;
      whose = endpoint;
    }
    if (standing.cap < cap) {
      cap = standing.cap;
      capped_by = endpoint;
    }
  }
};

// What a pool offers to a family, before anything is picked.
struct Census {
  std::size_t present = 0;  // members with an address of the family
  std::size_t healthy = 0;
  std::size_t unchecked = 0;  // of those: served because no check has a verdict yet
};
[[nodiscard]] Census count_members(const Situation& now, const Pool& pool) noexcept;

// Rests on every member: whoever comes or goes changes the answer.
void rest_on_all(const Situation& now, const Pool& pool, Steadiness& steadiness) noexcept;

// Where the client is plays a part, if the pool has `present` members to choose from.
[[nodiscard]] inline bool looks_at_place(const Pool& pool, std::size_t present) noexcept {
  return pool.pick == Pick::Nearest && present > 1;
}

// In km; absent when either place is unknown.
[[nodiscard]] std::optional<double> distance_to(const Situation& now,
                                                const Endpoint& endpoint) noexcept;

// Appends the picked addresses, best first, to workspace.addresses, and to `steadiness` what they
// rest on.
void select(const Situation& now, const Pool& pool, const Eligible& eligible, Workspace& workspace,
            Steadiness& steadiness);

}  // namespace steering
