// Verdicts as they outlive the process: monotonic times become times of day, and back.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "health/probes/engine.h"
#include "server/state/store.h"

namespace control {

// The two clocks at one moment.
struct Clocks {
  health::Instant steady{};
  std::int64_t wall = 0;  // ms since 1970

  [[nodiscard]] static Clocks now();
  [[nodiscard]] std::int64_t wall_of(health::Instant instant) const noexcept;  // 0 for none
  // Not later than now: a time of day that was set back must not make results of the future.
  [[nodiscard]] health::Instant steady_of(std::int64_t wall_time) const noexcept;
};

inline constexpr std::chrono::hours kVerdictsCount{24};  // so long after they were last confirmed

[[nodiscard]] state::SavedVerdict to_saved(std::string key, const health::Verdict& verdict,
                                           const std::vector<health::Result>& results,
                                           const Clocks& clocks);
[[nodiscard]] probes::Engine::Remembered from_saved(const state::SavedVerdict& saved,
                                                    const Clocks& clocks);

// Whether verdicts that were last confirmed at `alive` still count.
[[nodiscard]] bool still_count(std::int64_t alive, const Clocks& clocks) noexcept;

}  // namespace control
