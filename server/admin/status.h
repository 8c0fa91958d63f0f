#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "health/override.h"
#include "server/control/supervisor.h"

namespace admin {

struct StatusRequest {
  std::string pattern;  // of endpoints, with wildcards; empty: all
  std::uint64_t generation = 0;
  std::string hook_problem;              // empty: none
  std::vector<std::string> alarms = {};  // Control::alarms()
};

// All that is known of health, as a JSON object; docs/operation.md describes it. Holds no secret.
[[nodiscard]] std::string status_json(const control::Supervisor& supervisor,
                                      const StatusRequest& request);

// One override as JSON, for lists and replies.
[[nodiscard]] std::string overrides_json(const control::Supervisor& supervisor);

}  // namespace admin
