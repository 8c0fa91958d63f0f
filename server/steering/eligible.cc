#include "server/steering/eligible.h"

#include <algorithm>

#include "server/steering/faces.h"

namespace steering {
namespace {

using health::Force;
using health::Instant;
using health::Standing;

// Of those that an operator took out: really up. They count as the last to fall.
constexpr Instant kStands = Instant::max();

bool stands(const Standing& standing) noexcept {
  return standing.state == health::State::Up || standing.state == health::State::Failing;
}

bool is_forced_out(const Standing& standing) noexcept {
  return standing.force == Force::Drained || standing.force == Force::Down;
}

// Checks do not march in step: what fell to the same cause is told of it within one interval, and
// its jitter of a tenth either way.
bool fell_about(const Standing& standing, Instant when) noexcept {
  if (standing.fell == Instant{}) return false;
  return when - standing.fell <= std::chrono::milliseconds(standing.beat) * 6 / 5;
}

}  // namespace

bool Eligible::admits_unhealthy(const Standing& standing) const noexcept {
  if (by == By::NotForcedOut && is_forced_out(standing)) return false;
  if (by == By::Drained && standing.force != Force::Drained) return false;
  if (fell == kStands) return stands(standing);
  return fell == Instant{} || fell_about(standing, fell);
}

Eligible as_if_up(const Situation& now, const Pool& pool) noexcept {
  bool drained = false;
  const bool any_left = any_face(now, pool, [&](EndpointId, const Face& face) {
    const Standing& standing = now.standing(face);
    drained = drained || standing.force == Force::Drained;
    return !is_forced_out(standing);
  });
  if (any_left) return {Eligible::By::NotForcedOut, {}};
  return {drained ? Eligible::By::Drained : Eligible::By::Anyone, {}};
}

Eligible last_healthy(const Situation& now, const Pool& pool) noexcept {
  Eligible eligible = as_if_up(now, pool);
  Instant latest{};
  any_face(now, pool, [&](EndpointId, const Face& face) {
    const Standing& standing = now.standing(face);
    if (eligible.admits(standing))
      latest = std::max(latest, stands(standing) ? kStands : standing.fell);
    return false;
  });
  eligible.fell = latest;
  return eligible;
}

}  // namespace steering
