// What shared.yaml and all zone files together say of steering, while they are being read. Private
// to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "health/monitor.h"
#include "server/steering/plan.h"
#include "zones/problem.h"

namespace config {

// What a query may have to walk through from a pool on: members and `then`, all of it.
struct Reach {
  std::size_t depth = 1;      // pools, one below or behind another
  std::size_t addresses = 0;  // each as often as there are ways to it
};

// Collects endpoints, pools and dynamic records of all files, and what judges them.
class SteeringTable {
 public:
  steering::Plan plan;
  health::Roster roster;  // targets by target() alone
  zones::Problems warnings;
  std::vector<Reach> reaches;  // by PoolId

  // The target's index; one that is probed alike is shared.
  health::TargetId target(const health::Target& target);
  health::SubjectId subject(health::Subject subject);
  health::GroupId group(health::Group group);

 private:
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_address_;
};

}  // namespace config
