// Load over TCP. RFC 7766
#pragma once

#include "bench/load/options.h"
#include "bench/load/query_set.h"
#include "bench/load/tally.h"

namespace load {

// Runs to the end, on this thread. A connection that breaks, or on which a reply does not come in
// time, is closed with all that waits on it lost, and another is made. Throws std::system_error.
[[nodiscard]] Outcome run_tcp(const Options& options, const QuerySet& queries);

}  // namespace load
