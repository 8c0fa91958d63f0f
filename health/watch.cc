#include "health/watch.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace health {

Watch::Watch(const CheckSpec& check, std::uint64_t seed, std::uint64_t target,
             Instant first) noexcept
    : schedule_(check.interval, seed, target, first) {}

Verdict Watch::record(const CheckSpec& check, Observation observation, Instant now) {
  const auto most = Duration{std::numeric_limits<std::uint32_t>::max()};
  const Duration took = std::clamp(observation.took, Duration{0}, most);
  results_[result_count_ % kResultsKept] = {observation.started,
                                            static_cast<std::uint32_t>(took.count()),
                                            observation.passed ? Reason::None : observation.reason};
  ++result_count_;
  Verdict after = judge(check.thresholds, verdict_, std::move(observation));
  Verdict before = std::exchange(verdict_, std::move(after));
  if (contradicts_first(before, verdict_)) schedule_.hurry(now, check.thresholds.recheck);
  return before;
}

std::vector<Result> Watch::results() const {
  const std::size_t kept = std::min<std::size_t>(result_count_, kResultsKept);
  std::vector<Result> results;
  results.reserve(kept);
  for (std::size_t i = result_count_ - kept; i < result_count_; ++i) {
    results.push_back(results_[i % kResultsKept]);
  }
  return results;
}

void Watch::restore(const Verdict& verdict, const std::vector<Result>& results) {
  verdict_ = verdict;
  result_count_ = 0;
  const std::size_t kept = std::min(results.size(), kResultsKept);
  for (std::size_t i = results.size() - kept; i < results.size(); ++i) {
    results_[result_count_++] = results[i];
  }
}

void Watch::pardon(Instant now) noexcept {
  if (verdict_.state == State::Unknown) return;
  if (!is_served(verdict_.state)) verdict_.changed = now;
  verdict_.state = State::Up;
  verdict_.failures = 0;
  verdict_.successes = 0;
  verdict_.recovering = {};
}

}  // namespace health
