// When queries are due, and what part of a run a moment belongs to: arithmetic without a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace load {

using Time = std::chrono::steady_clock::time_point;

inline constexpr std::uint64_t kMaxRate = 10'000'000;  // queries per second
inline constexpr std::chrono::seconds kMaxRun{600};    // with its warm-up

// The timetable of an open loop: query n is due n / rate after the start, whatever became of those
// before it. Exact for kMaxRun at kMaxRate.
class Pace {
 public:
  // Requires: 1 <= per_second <= kMaxRate.
  Pace(Time start, std::uint64_t per_second) noexcept : start_(start), rate_(per_second) {}

  [[nodiscard]] Time due(std::uint64_t query) const noexcept;
  // How many are due at `now` or were before.
  [[nodiscard]] std::uint64_t due_by(Time now) const noexcept;

 private:
  Time start_;
  std::uint64_t rate_;
};

enum class Phase : std::uint8_t {
  WarmUp,    // queries are sent and not counted
  Measured,  // what is sent now is counted
  Drain,     // nothing is sent any more; what was counted may still be answered
};

// A run that is bounded by time and, unless `number` is 0, by the number of queries.
struct Plan {
  std::chrono::nanoseconds warm_up{0};
  std::chrono::nanoseconds measured{0};
  std::uint64_t number = 0;  // of queries, those of the warm-up too

  [[nodiscard]] Phase phase(std::chrono::nanoseconds since_start,
                            std::uint64_t sent) const noexcept;
};

}  // namespace load
