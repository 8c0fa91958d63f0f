#include "health/judge.h"

#include <algorithm>
#include <utility>

namespace health {
namespace {

// A threshold of 0 is read as 1: something has to be seen before anything changes.
constexpr std::uint16_t at_least_one(std::uint16_t threshold) noexcept {
  return std::max<std::uint16_t>(threshold, 1);
}

// What is left of `threshold` after `counted`. Counts made under a higher threshold can exceed it.
constexpr std::uint16_t remaining(std::uint16_t threshold, std::uint16_t counted) noexcept {
  const std::uint16_t needed = at_least_one(threshold);
  return counted < needed ? static_cast<std::uint16_t>(needed - counted) : std::uint16_t{1};
}

struct Count {
  State state = State::Unknown;
  std::uint16_t failures = 0;
  std::uint16_t successes = 0;
};

constexpr std::uint16_t one_more(std::uint16_t count) noexcept {
  return static_cast<std::uint16_t>(std::min(count + 1, 0xffff));
}

Count count_while_up(const Thresholds& thresholds, const Verdict& verdict, bool passed) noexcept {
  if (!passed) {
    const std::uint16_t failures = one_more(verdict.failures);
    if (failures >= at_least_one(thresholds.fall)) return {State::Down};
    return {State::Failing, failures};
  }
  if (verdict.failures == 0) return {State::Up};
  const std::uint16_t successes = one_more(verdict.successes);
  if (successes >= at_least_one(thresholds.forgive)) return {State::Up};
  return {State::Failing, verdict.failures, successes};
}

Count count_while_down(const Thresholds& thresholds, const Verdict& verdict, bool passed) noexcept {
  if (!passed) return {State::Down};
  const std::uint16_t successes = one_more(verdict.successes);
  if (successes >= at_least_one(thresholds.rise)) return {State::Up};
  return {State::Recovering, 0, successes};
}

Count count(const Thresholds& thresholds, const Verdict& verdict, bool passed) noexcept {
  if (verdict.state == State::Unknown) return {passed ? State::Up : State::Down};
  if (is_served(verdict.state)) return count_while_up(thresholds, verdict, passed);
  return count_while_down(thresholds, verdict, passed);
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

std::string_view to_text(Reason reason) noexcept {
  switch (reason) {
    case Reason::None:
      return "none";
    case Reason::Refused:
      return "refused";
    case Reason::Timeout:
      return "timeout";
    case Reason::Unreachable:
      return "unreachable";
    case Reason::Reset:
      return "reset";
    case Reason::TlsHandshake:
      return "tls_handshake";
    case Reason::TlsName:
      return "tls_name";
    case Reason::TlsExpired:
      return "tls_expired";
    case Reason::TlsUntrusted:
      return "tls_untrusted";
    case Reason::Status:
      return "status";
    case Reason::Body:
      return "body";
    case Reason::Protocol:
      return "protocol";
    case Reason::Resource:
      return "resource";
  }
  return "none";
}

Verdict judge(const Thresholds& thresholds, const Verdict& verdict, Observation observation) {
  const Count next = count(thresholds, verdict, observation.passed);
  // Unknown is served, but nothing had been decided: the first decision counts as a change.
  const bool flipped =
      verdict.state == State::Unknown || is_served(verdict.state) != is_served(next.state);
  const Instant decided = observation.started + observation.took;
  return {next.state, next.failures, next.successes, flipped ? decided : verdict.changed,
          std::move(observation)};
}

std::uint16_t results_to_flip(const Thresholds& thresholds, const Verdict& verdict) noexcept {
  if (verdict.state == State::Unknown) return 1;
  if (is_served(verdict.state)) return remaining(thresholds.fall, verdict.failures);
  return remaining(thresholds.rise, verdict.successes);
}

}  // namespace health
