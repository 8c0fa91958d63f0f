#include "health/schedule.h"

#include <algorithm>

namespace health {
namespace {

// SplitMix64: a counter and a mixing function, so that skipping ahead is an addition.
constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;

constexpr std::uint64_t mix(std::uint64_t value) noexcept {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

}  // namespace

Schedule::Schedule(Duration interval, std::uint64_t seed, std::uint64_t target,
                   Instant first) noexcept
    : interval_(std::max(interval, Duration{1})),
      random_(mix(seed + kStep) ^ mix(target)),
      slot_(first),
      regular_(first),
      next_(first) {}

void Schedule::advance(Instant now) noexcept {
  const bool extra = next_ < regular_;
  if (extra && now < regular_) {
    next_ = regular_;
    return;
  }
  const auto passed = std::max((now - slot_) / interval_, decltype((now - slot_) / interval_){0});
  // One draw per slot, also for those skipped: the n-th probe has the same jitter in any history.
  random_ += kStep * static_cast<std::uint64_t>(passed);
  slot_ += interval_ * passed;
  do {
    slot_ += interval_;
    regular_ = slot_ + jitter();
  } while (regular_ <= now);
  next_ = regular_;
}

void Schedule::hurry(Instant now, Duration recheck) noexcept {
  if (recheck <= Duration{0} || regular_ - now < 2 * recheck) return;
  next_ = std::min(next_, now + recheck);
}

Duration Schedule::jitter() noexcept {
  random_ += kStep;
  const Duration::rep most = interval_.count() / 10;
  const auto choices = static_cast<std::uint64_t>(2 * most + 1);
  return Duration{static_cast<Duration::rep>(mix(random_) % choices) - most};
}

}  // namespace health
