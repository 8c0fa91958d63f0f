// How well pools and their members can serve, before anything is picked.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "server/steering/plan.h"
#include "server/steering/situation.h"

namespace steering {

// How soon an answer may have to change, and because of whom.
struct Steadiness {
  std::chrono::seconds time = std::chrono::seconds::max();  // max: nothing can change it
  EndpointId whose{};
  health::SubjectId subject{};                             // of the address that it is
  std::chrono::seconds cap = std::chrono::seconds::max();  // what an override allows
  EndpointId capped_by{};                                  // meaningless where `cap` is max

  void rest_on(EndpointId endpoint, const Face& face, const health::Standing& standing) noexcept {
    if (standing.steady < time) {
      time = standing.steady;
      whose = endpoint;
      subject = face.subject;
    }
    if (standing.cap < cap) {
      cap = standing.cap;
      capped_by = endpoint;
    }
  }
};

// Rests on every address below, and on those of the pools that members spill to: whoever comes or
// goes changes the answer.
void rest_on_all(const Situation& now, const Member& member, Steadiness& steadiness) noexcept;
void rest_on_all(const Situation& now, const Pool& pool, Steadiness& steadiness) noexcept;

// Of a member; a pool's is that of the best pool along its `then`.
enum class Strength : std::uint8_t {
  None,
  Some,    // a pool in which somebody is healthy, but too few
  Enough,  // a healthy endpoint; a pool with `min_healthy` healthy members
};
[[nodiscard]] Strength strength_of(const Situation& now, const Member& member) noexcept;

// What a pool offers to a family, counted in its members.
struct Census {
  std::size_t present = 0;    // with an address of the family
  std::size_t healthy = 0;    // Strength::Enough
  std::size_t some = 0;       // that, or Strength::Some
  std::size_t unchecked = 0;  // of `some`: only because no check has a verdict yet

  [[nodiscard]] bool is_enough(const Pool& pool) const noexcept {
    return healthy > 0 && healthy >= pool.min_healthy;
  }
};
[[nodiscard]] Census count_members(const Situation& now, const Pool& pool) noexcept;

// The pool along `then` that serves by health: the first with enough healthy members, else the
// first with any; none: nobody is healthy. `steadiness` gets what that rests on.
[[nodiscard]] std::optional<PoolId> serving_pool(const Situation& now, PoolId first,
                                                 Steadiness& steadiness) noexcept;

}  // namespace steering
