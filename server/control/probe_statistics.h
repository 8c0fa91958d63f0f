#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "health/check.h"
#include "health/observation.h"

namespace control {

// A histogram with fixed bounds, in seconds.
template <std::size_t N>
struct Histogram {
  const std::array<double, N>& bounds;
  std::array<std::uint64_t, N + 1> counts{};  // by bucket, not summed up; the last: over all bounds
  double sum = 0;

  void observe(double seconds) noexcept {
    std::size_t bucket = 0;
    while (bucket < N && seconds > bounds[bucket]) ++bucket;
    ++counts[bucket];
    sum += seconds;
  }
};

// A loopback probe takes a millisecond, a patient one ten seconds.
inline constexpr std::array<double, 13> kProbeSeconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                      0.25,  0.5,    1,     2.5,  5,     10};
inline constexpr std::array<double, 9> kLatenessSeconds{0.001, 0.0025, 0.005, 0.01, 0.025,
                                                        0.05,  0.1,    0.5,   1};

// What probes came to, over the life of the process.
//
// Threads: one.
struct ProbeStatistics {
  std::array<Histogram<kProbeSeconds.size()>, health::kProbeTypeCount> took = [] {
    using One = Histogram<kProbeSeconds.size()>;
    return std::array<One, health::kProbeTypeCount>{
        One{kProbeSeconds}, One{kProbeSeconds}, One{kProbeSeconds}, One{kProbeSeconds},
        One{kProbeSeconds}, One{kProbeSeconds}, One{kProbeSeconds}, One{kProbeSeconds}};
  }();
  std::array<std::uint64_t, health::kReasonCount> failures{};
  Histogram<kLatenessSeconds.size()> late{kLatenessSeconds};

  void count(health::ProbeType type, const health::Observation& observation,
             health::Duration lateness) noexcept {
    using Seconds = std::chrono::duration<double>;
    took[static_cast<std::size_t>(type)].observe(Seconds(observation.took).count());
    if (!observation.passed) ++failures[static_cast<std::size_t>(observation.reason)];
    if (type != health::ProbeType::Heartbeat) late.observe(Seconds(lateness).count());
  }
};

}  // namespace control
