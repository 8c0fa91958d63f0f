// What a run came to.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "bench/load/histogram.h"

namespace load {

// Of queries that were due while it was measured, unless another thing is said.
struct Tally {
  std::uint64_t sent = 0;
  std::uint64_t unsent = 0;    // open loop: due before the end, when the generator was still behind
  std::uint64_t answered = 0;  // in time
  std::uint64_t lost = 0;      // not answered in time
  std::uint64_t late = 0;      // replies that nobody waited for (any more)
  std::uint64_t wrong = 0;     // no reply at all, or not with the question that was asked
  std::uint64_t truncated = 0;
  std::uint64_t octets = 0;  // of replies
  std::array<std::uint64_t, 16> rcodes{};
  Histogram latency;

  std::uint64_t arrived = 0;      // replies that came while it was measured: what a rate is made of
  std::uint64_t connections = 0;  // of the whole run
  std::uint64_t failed_connections = 0;  // of the whole run
};

struct Outcome {
  Tally tally;
  std::chrono::nanoseconds measured{0};
  std::chrono::nanoseconds server_time{0};     // of processors, while it was measured
  std::chrono::nanoseconds generator_time{0};  // likewise
  std::chrono::nanoseconds behind{0};          // open loop: how long after its time a query left
};

}  // namespace load
