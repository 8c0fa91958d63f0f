#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "health/check.h"
#include "health/judge.h"
#include "health/schedule.h"

namespace health {

inline constexpr std::size_t kResultsKept = 16;  // of each target

// One target over time: when to probe it next, and what its results came to. Pure; whoever runs the
// probes, or a simulation of them, drives it:
//   wait until next(); start(now); probe; record(observation)
class Watch {
 public:
  Watch(const CheckSpec& check, std::uint64_t seed, std::uint64_t target, Instant first) noexcept;

  [[nodiscard]] Instant next() const noexcept { return schedule_.next(); }
  void start(Instant now) noexcept { schedule_.advance(now); }
  // Judges, and asks for another look soon where the result speaks against the state. `now` is when
  // the probe ended. Returns the verdict before.
  Verdict record(const CheckSpec& check, Observation observation, Instant now);

  [[nodiscard]] const Verdict& verdict() const noexcept { return verdict_; }
  // Oldest first, at most kResultsKept.
  [[nodiscard]] std::vector<Result> results() const;

  // Goes on from what an earlier process had seen.
  void restore(const Verdict& verdict, const std::vector<Result>& results);
  // Up, nothing counted: to be judged anew after the results of a time that did not count.
  void pardon(Instant now) noexcept;

 private:
  Schedule schedule_;
  Verdict verdict_;
  std::array<Result, kResultsKept> results_{};
  std::uint32_t result_count_ = 0;  // of all time
};

}  // namespace health
