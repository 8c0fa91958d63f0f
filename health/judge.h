// From results to a verdict: pure, no clock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "health/check.h"

namespace health {

// Served: Unknown, Up, Failing. Not served: Down, Recovering.
enum class State : std::uint8_t {
  Unknown,  // no result yet
  Up,
  Failing,  // up, and some of the failures that take down have been seen
  Down,
  Recovering,  // down, and some of the successes that bring up have been seen
};

[[nodiscard]] constexpr bool is_served(State state) noexcept {
  return state == State::Unknown || state == State::Up || state == State::Failing;
}
[[nodiscard]] std::string_view to_text(State state) noexcept;  // "up"

// Why a probe failed; a closed list, used as a metric label.
enum class Reason : std::uint8_t {
  None,
  Refused,
  Timeout,
  Unreachable,
  Reset,
  TlsHandshake,
  TlsName,
  TlsExpired,
  TlsUntrusted,
  Status,
  Body,
  Protocol,
  Resource,  // ours: out of descriptors, say
};
inline constexpr std::size_t kReasonCount = 13;
[[nodiscard]] std::string_view to_text(Reason reason) noexcept;  // "tls_name"

// What one probe found.
struct Observation {
  bool passed = false;
  Reason reason = Reason::None;  // None when passed
  std::string detail;            // for people: "HTTP 503, wanted 200-299"
  Instant started{};
  Duration took{};
};

struct Verdict {
  State state = State::Unknown;
  std::uint16_t failures = 0;   // counted toward `fall`
  std::uint16_t successes = 0;  // in a row, counted toward `rise` or `forgive`
  Instant changed{};            // when the endpoint last began or ceased to be served
  Observation last;             // the newest result; `started` is 0 before the first
};

// The first result decides at once. Up: a failure counts, `forgive` successes in a row wipe the
// count, `fall` failures take down. Down: `rise` successes in a row bring up.
[[nodiscard]] Verdict judge(const Thresholds& thresholds, const Verdict& verdict,
                            Observation observation);

// How many more results, at the least, until the endpoint begins or ceases to be served. 1 for
// Unknown.
[[nodiscard]] std::uint16_t results_to_flip(const Thresholds& thresholds,
                                            const Verdict& verdict) noexcept;

}  // namespace health
