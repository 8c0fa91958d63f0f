#include "bench/load/pacing.h"

namespace load {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;  // ns

}  // namespace

Time Pace::due(std::uint64_t query) const noexcept {
  return start_ + std::chrono::nanoseconds(query * kSecond / rate_);
}

std::uint64_t Pace::due_by(Time now) const noexcept {
  if (now < start_) return 0;
  // Query n is due by d if n * kSecond / rate, rounded down, is at most d: n * kSecond < (d + 1) *
  // rate.
  const auto passed = static_cast<std::uint64_t>((now - start_) / std::chrono::nanoseconds(1));
  return ((passed + 1) * rate_ - 1) / kSecond + 1;
}

Phase Plan::phase(std::chrono::nanoseconds since_start, std::uint64_t sent) const noexcept {
  if (since_start >= warm_up + measured || (number != 0 && sent >= number)) return Phase::Drain;
  return since_start >= warm_up ? Phase::Measured : Phase::WarmUp;
}

}  // namespace load
