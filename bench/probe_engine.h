// The engine of probes by itself, in this process: what its probes cost and when they start.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "health/check.h"

namespace bench {

struct EngineRun {
  std::vector<std::chrono::milliseconds> late;  // of each probe that was measured
  // By target: when each probe started, from the moment the engine was given its targets.
  std::vector<std::vector<std::chrono::nanoseconds>> starts;
  std::size_t failed = 0;
  double user_seconds = 0;    // of the engine's thread, while it was measured
  double system_seconds = 0;  // likewise
  std::size_t most_in_flight = 0;
};

// Runs the targets for `settle` and then, measured, for `time`. `starts` has all of the run.
[[nodiscard]] EngineRun run_engine(std::vector<health::Target> targets, std::uint64_t seed,
                                   std::chrono::seconds settle, std::chrono::seconds time);

}  // namespace bench
