#include "health/probes/beginning.h"

#include <algorithm>

namespace probes {
namespace {

using health::Duration;
using health::State;
using health::Verdict;

constexpr std::size_t kMaxAtOnce = 64;
constexpr Duration kSpread{500};  // the least for more than that
constexpr std::size_t kStartsPerSecond = 8000;

}  // namespace

Duration first_start(Duration interval, std::size_t index, std::size_t count) noexcept {
  if (count <= kMaxAtOnce) return Duration{0};
  const Duration needed{static_cast<Duration::rep>(count * 1000 / kStartsPerSecond)};
  const Duration span = std::min(interval, std::max(kSpread, needed));
  return span * static_cast<Duration::rep>(index) / static_cast<Duration::rep>(count);
}

// Multiples of the golden ratio lie evenly within 1, whatever their number.
Duration phase_of(Duration interval, std::uint64_t seed, std::uint64_t index) noexcept {
  constexpr std::uint64_t kGoldenRatio = 0x9e3779b97f4a7c15;             // its fraction, times 2^64
  const std::uint64_t part = (seed + (index + 1) * kGoldenRatio) >> 44;  // of 2^20
  return interval * static_cast<Duration::rep>(part) / (Duration::rep{1} << 20);
}

Verdict one_success_short_of_up(const Verdict& gone, const health::Thresholds& thresholds,
                                health::Instant now) {
  const int needed = std::max<int>(thresholds.rise, 1) - 1;
  // A run of successes that has begun is what a failback delay is counted from.
  const int counted = thresholds.failback_delay > Duration{0} ? std::max(needed, 1) : needed;
  Verdict verdict = gone;
  verdict.failures = 0;
  verdict.successes = static_cast<std::uint16_t>(counted);
  verdict.state = counted > 0 ? State::Recovering : State::Down;
  verdict.recovering = now - thresholds.failback_delay;
  return verdict;
}

}  // namespace probes
