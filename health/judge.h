// From results to a verdict: pure, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "health/check.h"
#include "health/observation.h"

namespace health {

// Served: Unknown, Up, Failing. Not served: Down, Recovering.
enum class State : std::uint8_t {
  Unknown,  // no result yet
  Up,
  Failing,  // up, and some of the failures that take down have been seen
  Down,
  Recovering,  // down, and some of the successes that bring up have been seen
};

[[nodiscard]] constexpr bool is_served(State state) noexcept {
  return state == State::Unknown || state == State::Up || state == State::Failing;
}
[[nodiscard]] std::string_view to_text(State state) noexcept;  // "up"
[[nodiscard]] std::optional<State> state_from_text(std::string_view text) noexcept;

struct Verdict {
  State state = State::Unknown;
  std::uint16_t failures = 0;   // counted toward `fall`; capped there
  std::uint16_t successes = 0;  // in a row, counted toward `rise` or `forgive`
  Instant changed{};            // when the target last began or ceased to be served
  Instant recovering{};         // start of the present run of successes while down
  Observation last;             // the newest result; `started` is 0 before the first
};

// The first result decides at once. Up: a failure counts, `forgive` successes in a row wipe the
// count, `fall` failures take down. Down: `rise` successes in a row that lasted `failback_delay`
// bring up. Nothing changes within `cooldown` of the change before; the first result behind it
// decides by what was counted meanwhile. A success never takes down, a failure never brings up. The
// time of a result is its end.
[[nodiscard]] Verdict judge(const Thresholds& thresholds, const Verdict& verdict,
                            Observation observation);

// Whether `after` is the first result that speaks against the state `before`: the one that is worth
// another look soon.
[[nodiscard]] bool contradicts_first(const Verdict& before, const Verdict& after) noexcept;

// How many more results, at the least, until the target begins or ceases to be served. 1 for
// Unknown.
[[nodiscard]] std::uint16_t results_to_flip(const Thresholds& thresholds,
                                            const Verdict& verdict) noexcept;

// How long nothing can change after the newest result: interval times results still needed, and not
// before cooldown and failback delay are over; the TTL of answers. A change may come sooner by the
// recheck and the interval that it saves, by a fifth of an interval for jitter, by two timeouts for
// slow probes, but never within the cooldown. A heartbeat comes when it wants. 0 for Unknown.
[[nodiscard]] Duration steady_for(const CheckSpec& check, const Verdict& verdict) noexcept;

// The longest that a target which dies can go on being served, from its death to the verdict: with
// jitter, timeouts and cooldown, but without what a late start adds. The worst death is right after
// a successful probe has started.
[[nodiscard]] Duration longest_to_fall(const CheckSpec& check) noexcept;

}  // namespace health
