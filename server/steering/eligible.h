// Who of a pool may be picked.
#pragma once

#include <cstdint>

#include "health/board.h"
#include "server/steering/plan.h"
#include "server/steering/situation.h"

namespace steering {

// The usual test is health; where nobody is healthy, what operators said and who fell last is left.
struct Eligible {
  enum class By : std::uint8_t {
    Health,
    NotForcedOut,  // whatever the results: neither drained nor forced down
    Drained,       // alone: those that an operator took out gently
    Anyone,
  };
  By by = By::Health;
  // Those alone that fell then or shortly before; 0: whenever; max: those that really stand. Not
  // with By::Health.
  health::Instant fell{};

  [[nodiscard]] bool admits(const health::Standing& standing) const noexcept {
    return by == By::Health ? standing.is_served() : admits_unhealthy(standing);
  }

 private:
  [[nodiscard]] bool admits_unhealthy(const health::Standing& standing) const noexcept;
};

// As if all were up (AllDown::All): without those that an operator took out, the drained ones being
// the first to come back where nobody else is left. Pools that are members count with theirs.
[[nodiscard]] Eligible as_if_up(const Situation& now, const Pool& pool) noexcept;

// Those of `as_if_up` that were the last to fall (AllDown::LastHealthy); all of them if nobody ever
// fell.
[[nodiscard]] Eligible last_healthy(const Situation& now, const Pool& pool) noexcept;

}  // namespace steering
