// How a target that is new begins. Pure.
#pragma once

#include <cstddef>
#include <cstdint>

#include "health/check.h"
#include "health/judge.h"

namespace probes {

// When the `index`-th of `count` new targets is probed first, from now: a few at once, many spread
// over as long as they need one after the other, at most over an interval.
[[nodiscard]] health::Duration first_start(health::Duration interval, std::size_t index,
                                           std::size_t count) noexcept;

// What of an interval has gone by at the first start, so that targets that are new together do not
// march in step: the second start comes when the rest of it has. In [0, interval).
[[nodiscard]] health::Duration phase_of(health::Duration interval, std::uint64_t seed,
                                        std::uint64_t index) noexcept;

// The verdict of a new target whose address was down by a check that is gone.
[[nodiscard]] health::Verdict one_success_short_of_up(const health::Verdict& gone,
                                                      const health::Thresholds& thresholds,
                                                      health::Instant now);

}  // namespace probes
