// What all zone files together say of steering, while they are being read. Private to this folder.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "health/check.h"
#include "server/steering/plan.h"

namespace config {

// Collects endpoints, pools and dynamic records of all zones, and the targets that judge them.
class SteeringTable {
 public:
  steering::Plan plan;

  // The target's index; one that is probed alike is shared.
  health::TargetId target(const health::Target& target);

  [[nodiscard]] std::vector<health::Target>& targets() noexcept { return targets_; }

 private:
  std::vector<health::Target> targets_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_address_;
};

}  // namespace config
