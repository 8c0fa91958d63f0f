#include "health/judge.h"

#include <algorithm>
#include <utility>

namespace health {
namespace {

// A threshold of 0 is read as 1: something has to be seen before anything changes.
constexpr std::uint16_t at_least_one(std::uint16_t threshold) noexcept {
  return std::max<std::uint16_t>(threshold, 1);
}

// What is left of `threshold` after `counted`: at least 1, for a change needs a result. A count
// that a cooldown or a delay held back has nothing left but that.
constexpr std::uint16_t remaining(std::uint16_t threshold, std::uint16_t counted) noexcept {
  const std::uint16_t needed = at_least_one(threshold);
  return counted < needed ? static_cast<std::uint16_t>(needed - counted) : std::uint16_t{1};
}

constexpr std::uint16_t one_more(std::uint16_t count, std::uint16_t most) noexcept {
  return static_cast<std::uint16_t>(std::min<int>(count + 1, most));
}

Instant ended(const Observation& observation) noexcept {
  return observation.started + observation.took;
}

struct Count {
  State state = State::Unknown;
  std::uint16_t failures = 0;
  std::uint16_t successes = 0;
  Instant recovering{};
};

Count count_while_up(const Thresholds& thresholds, const Verdict& verdict, bool passed,
                     bool may_change) noexcept {
  if (!passed) {
    const std::uint16_t fall = at_least_one(thresholds.fall);
    const std::uint16_t failures = one_more(verdict.failures, fall);
    if (failures == fall && may_change) return {State::Down};
    return {State::Failing, failures};
  }
  if (verdict.failures == 0) return {State::Up};
  const std::uint16_t forgive = at_least_one(thresholds.forgive);
  const std::uint16_t successes = one_more(verdict.successes, forgive);
  if (successes == forgive) return {State::Up};
  return {State::Failing, verdict.failures, successes};
}

Count count_while_down(const Thresholds& thresholds, const Verdict& verdict, bool passed,
                       bool may_change, Instant now) noexcept {
  if (!passed) return {State::Down};
  const Instant recovering = verdict.successes == 0 ? now : verdict.recovering;
  const std::uint16_t rise = at_least_one(thresholds.rise);
  const std::uint16_t successes = one_more(verdict.successes, rise);
  if (successes == rise && may_change && now - recovering >= thresholds.failback_delay) {
    return {State::Up};
  }
  return {State::Recovering, 0, successes, recovering};
}

Count count(const Thresholds& thresholds, const Verdict& verdict, bool passed,
            Instant now) noexcept {
  if (verdict.state == State::Unknown) return {passed ? State::Up : State::Down};
  const bool may_change = now - verdict.changed >= thresholds.cooldown;
  if (is_served(verdict.state)) return count_while_up(thresholds, verdict, passed, may_change);
  return count_while_down(thresholds, verdict, passed, may_change, now);
}

// The start of the m-th probe that fails, after the start of the last one that passed. Probes of
// a target are never at work together: one whose start comes while another is at work starts when
// that ends.
//
// Starts are on a grid with jitter at both ends, a probe is over within `timeout`. As long as that
// is no longer than the interval, no delay outlives the next start on the grid; else every start
// may wait for the end of the probe before.
Duration latest_start(const CheckSpec& check, int m) noexcept {
  const Duration jitter = 2 * (check.interval / 10);
  if (check.timeout <= check.interval) return m * check.interval + jitter;
  return m * std::max(check.interval + jitter, check.timeout);
}

// The least time between two regular starts.
Duration soonest_start(const CheckSpec& check) noexcept {
  return check.interval - 2 * (check.interval / 10);
}

// Whether the first failure is followed by an extra probe (Schedule::hurry), however late it is
// known and however early the next regular probe comes, if it started when it was due.
bool recheck_is_certain(const CheckSpec& check) noexcept {
  const Duration recheck = check.thresholds.recheck;
  return recheck > Duration{0} && soonest_start(check) - check.timeout >= 2 * recheck;
}

// Whether that holds as well if it started late, because the last probe that passed was at work
// when it was due: an extra one, or one that an extra one had kept waiting.
bool late_recheck_is_certain(const CheckSpec& check) noexcept {
  const Duration recheck = check.thresholds.recheck;
  return check.timeout <= recheck || soonest_start(check) - 2 * check.timeout >= recheck;
}

// From the start of the last probe that passed to the result that makes `fall` failures.
Duration longest_to_count(const CheckSpec& check) noexcept {
  const int fall = at_least_one(check.thresholds.fall);
  const Duration timeout = check.timeout;
  if (fall == 1 || !recheck_is_certain(check)) return latest_start(check, fall) + timeout;
  const Duration extra = latest_start(check, 1) + timeout + check.thresholds.recheck;
  if (fall == 2) return extra + timeout;
  // Where failures had been counted before the death, nothing is rechecked, but one result fewer is
  // needed. Else one of the results is the extra one; regular probes wait for its end, and catch
  // up.
  const int regular = fall - 1;
  Duration wait = regular * timeout + check.thresholds.recheck - (regular - 1) * check.interval;
  // Without it all results are of regular probes, the first of them due before the last one that
  // passed was over.
  if (!late_recheck_is_certain(check)) wait = std::max(wait, timeout);
  return latest_start(check, regular) + std::max(wait, Duration{0}) + timeout;
}

// A lease expires on the point, and once more with every interval that passes.
Duration longest_lease(const CheckSpec& check) noexcept {
  const auto interval = std::max(check.interval, Duration{1});
  const auto cooled = (check.thresholds.cooldown + interval - Duration{1}) / interval;
  return interval * std::max<Duration::rep>(at_least_one(check.thresholds.fall), cooled);
}

}  // namespace

std::string_view to_text(State state) noexcept {
  switch (state) {
    case State::Unknown:
      return "unknown";
    case State::Up:
      return "up";
    case State::Failing:
      return "failing";
    case State::Down:
      return "down";
    case State::Recovering:
      return "recovering";
  }
  return "unknown";
}

std::optional<State> state_from_text(std::string_view text) noexcept {
  for (const State state :
       {State::Unknown, State::Up, State::Failing, State::Down, State::Recovering}) {
    if (to_text(state) == text) return state;
  }
  return std::nullopt;
}

Verdict judge(const Thresholds& thresholds, const Verdict& verdict, Observation observation) {
  const Instant now = ended(observation);
  const Count next = count(thresholds, verdict, observation.passed, now);
  // Unknown is served, but nothing had been decided: the first decision counts as a change.
  const bool flipped =
      verdict.state == State::Unknown || is_served(verdict.state) != is_served(next.state);
  return {next.state,      next.failures,         next.successes, flipped ? now : verdict.changed,
          next.recovering, std::move(observation)};
}

bool contradicts_first(const Verdict& before, const Verdict& after) noexcept {
  if (before.state == State::Up) return after.state == State::Failing;
  return before.state == State::Down && after.state == State::Recovering;
}

std::uint16_t results_to_flip(const Thresholds& thresholds, const Verdict& verdict) noexcept {
  if (verdict.state == State::Unknown) return 1;
  if (is_served(verdict.state)) return remaining(thresholds.fall, verdict.failures);
  return remaining(thresholds.rise, verdict.successes);
}

Duration steady_for(const CheckSpec& check, const Verdict& verdict) noexcept {
  if (verdict.state == State::Unknown) return Duration{0};
  const Thresholds& thresholds = check.thresholds;
  // A pardon changes the verdict later than the newest result.
  const Instant newest = std::max(ended(verdict.last), verdict.changed);
  const auto left_until = [&](Instant end) {
    return std::chrono::ceil<Duration>(std::max(end - newest, Instant::duration{0}));
  };
  Duration steady = check.interval * results_to_flip(thresholds, verdict);
  steady = std::max(steady, left_until(verdict.changed + thresholds.cooldown));
  if (verdict.state == State::Down) {
    steady = std::max(steady, check.interval + thresholds.failback_delay);
  } else if (verdict.state == State::Recovering) {
    steady = std::max(steady, left_until(verdict.recovering + thresholds.failback_delay));
  }
  return steady;
}

Duration longest_to_fall(const CheckSpec& check) noexcept {
  if (check.type == ProbeType::Heartbeat) return longest_lease(check);
  const Duration counted = longest_to_count(check);
  if (check.thresholds.cooldown <= Duration{0}) return counted;
  // The last probe that passed may have been the one that brought it up. A result just before the
  // cooldown is over does not count; the next one does.
  const Duration cooled =
      check.timeout + check.thresholds.cooldown + latest_start(check, 1) + check.timeout;
  return std::max(counted, cooled);
}

}  // namespace health
