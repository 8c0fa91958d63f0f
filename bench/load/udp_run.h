// Load over UDP.
#pragma once

#include "bench/load/options.h"
#include "bench/load/query_set.h"
#include "bench/load/tally.h"

namespace load {

// Runs to the end, on this thread, which never sleeps. Throws std::system_error.
[[nodiscard]] Outcome run_udp(const Options& options, const QuerySet& queries);

}  // namespace load
