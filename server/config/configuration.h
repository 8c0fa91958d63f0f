#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "health/monitor.h"
#include "server/config/options.h"
#include "server/steering/plan.h"
#include "zones/problem.h"
#include "zones/zone_set.h"

namespace config {

// Everything that files say, checked as a whole.
struct Configuration {
  Options options;
  std::shared_ptr<const zones::ZoneSet> zones;
  std::shared_ptr<const steering::Plan> plan;
  std::shared_ptr<const health::Roster> roster;  // targets, subjects, groups, guard
  std::vector<std::string> warnings;  // sentences: what is allowed and still looks like a mistake
};

// Reads fairlead.yaml and, in its folder of zones, shared.yaml and every zone (*.yaml, and *.zone
// master files), or says all that is wrong with them, file by file.
[[nodiscard]] tl::expected<Configuration, zones::Problems> load(const std::string& file);

}  // namespace config
