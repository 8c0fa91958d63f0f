#pragma once

#include <map>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "health/monitor.h"
#include "server/config/options.h"
#include "server/steering/plan.h"
#include "zones/master_file.h"
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
  std::map<std::string, zones::MasterZone> master_files;  // by path
};

// Reads fairlead.yaml and, in its folder of zones, shared.yaml and every zone (*.yaml, and *.zone
// master files), or says all that is wrong with them, file by file.
// Master files of one and the same text as those of `before` are not parsed again. Takes all
// processors while it reads master files.
[[nodiscard]] tl::expected<Configuration, zones::Problems> load(
    const std::string& file, const Configuration* before = nullptr);

}  // namespace config
