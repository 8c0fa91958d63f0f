// An outcome for people and for programs.
#pragma once

#include <string>

#include "bench/load/options.h"
#include "bench/load/tally.h"

namespace load {

// Lines of text.
[[nodiscard]] std::string to_text(const Options& options, const Outcome& outcome);

// One JSON object: counts, `queries_per_second`, `loss` (a part of 1), `rcodes` by mnemonic,
// `latency_us` (p50, p90, p99, p99_9, max), `server_ns_per_answer` and `generator_ns_per_answer`
// (processor time; the first one only if processes were named); of an open loop `unsent` and
// `behind_us`, of TCP `connections` and `failed_connections`.
[[nodiscard]] std::string to_json(const Options& options, const Outcome& outcome);

}  // namespace load
