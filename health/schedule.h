#pragma once

#include <cstdint>

#include "health/check.h"

namespace health {

// When to probe one target: start to start, on the monotonic clock, spread by jitter so that checks
// do not march in step. Pure: the same seed and target give the same times.
//
// The n-th probe starts at `first + n * interval`, moved by up to a tenth of the interval either
// way (the first is not moved: spreading first starts is the caller's affair); a probe that is late
// (a stalled process) skips the starts that have passed instead of catching up. An extra probe
// (`hurry`) leaves the others where they are.
class Schedule {
 public:
  // `seed` is the process's, `target` the index of the target: together they place the jitter.
  Schedule(Duration interval, std::uint64_t seed, std::uint64_t target, Instant first) noexcept;

  [[nodiscard]] Instant next() const noexcept { return next_; }
  // To be called when the probe of `next()` starts; `now` is at or after it.
  void advance(Instant now) noexcept;
  // One extra probe `recheck` from now, unless a regular one comes in less than twice that.
  void hurry(Instant now, Duration recheck) noexcept;

 private:
  [[nodiscard]] Duration jitter() noexcept;

  Duration interval_;
  std::uint64_t random_;
  Instant slot_;     // without jitter
  Instant regular_;  // with it
  Instant next_;
};

}  // namespace health
