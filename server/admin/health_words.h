// What health says of a subject, in words.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "health/monitor.h"

namespace admin {

// What explain() has to ask for, because a Snapshot does not hold it. A function that is empty, or
// that answers "", has nothing to say.
struct HealthWords {
  // How long an endpoint that dies goes on being answered, and the checks that see it: "edge, web".
  struct Bound {
    health::Duration time{};
    std::string checks;
  };

  // What the newest results of its checks were: "web: connection refused, 12s ago".
  std::function<std::string(health::SubjectId)> verdict;
  // What an operator says of it: "drained by alice until 14:00: kernel update".
  std::function<std::string(health::SubjectId)> override_text;
  // What an operator says of its weight: "weight 10, configured 100, by alice: canary".
  std::function<std::string(health::SubjectId)> weight_text;
  // Whether every member passes its edge checks and fails those of the origin.
  std::function<bool(health::GroupId)> origin_is_down;
  // None: nothing judges it, it never leaves.
  std::function<std::optional<Bound>(health::SubjectId)> bound;
};

// What the way takes besides the probes themselves: a turn of the engine's agenda (25 ms), and a
// change that is published in a storm of others (50 ms).
inline constexpr health::Duration kLongestToPublish{75};

// HealthWords::bound for a configuration.
[[nodiscard]] std::optional<HealthWords::Bound> failover_bound(const health::Roster& roster,
                                                               health::SubjectId subject);

// "up", "unchecked", "drained (really up)"
[[nodiscard]] std::string standing_text(const health::Standing& standing);

// What is worth knowing beside that, where an endpoint is out, about to be, forced or weighed; ""
// else.
[[nodiscard]] std::string standing_notes(const HealthWords& words, health::SubjectId subject,
                                         const health::Standing& standing);

// Rounded up to tenths: "11.2s"
[[nodiscard]] std::string bound_text(health::Duration time);

}  // namespace admin
