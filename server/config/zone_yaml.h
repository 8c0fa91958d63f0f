// One zone written in YAML. Private to this folder.
#pragma once

#include <optional>
#include <string>

#include "server/config/steering_table.h"
#include "zones/problem.h"
#include "zones/zone.h"
#include "zones/zone_builder.h"

namespace config {

struct SteeringNames;

// What fairlead.yaml and shared.yaml say for all zones.
struct ZoneOptions {
  zones::Limits limits;
  bool may_exec = false;            // checks may run programs
  SteeringNames* shared = nullptr;  // names of shared.yaml, which note what the zone uses of them
};

// `automatic_serial`: the SOA's, unless the file writes one. Absent: `problems` says why.
[[nodiscard]] std::optional<zones::Zone> load_zone_yaml(const std::string& path,
                                                        std::uint32_t automatic_serial,
                                                        const ZoneOptions& options,
                                                        SteeringTable& table,
                                                        zones::Problems& problems);

// The same from memory; `path` is the name that problems bear.
[[nodiscard]] std::optional<zones::Zone> parse_zone_yaml(
    const std::string& text, const std::string& path, std::uint32_t automatic_serial,
    const ZoneOptions& options, SteeringTable& table, zones::Problems& problems);

}  // namespace config
