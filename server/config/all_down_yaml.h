// `all_down:` and `until_checked:` of a dynamic record. Private to this folder.
#pragma once

#include "server/config/steering_yaml.h"
#include "server/config/yaml_reader.h"
#include "server/steering/plan.h"

namespace config {

// A pool, an address, or a list of addresses.
[[nodiscard]] steering::Fixed read_fixed(YamlFile& file, const YAML::Node& node,
                                         std::string_view what, const SteeringNames& names);

// A word, or `{fallback: ...}`.
void read_all_down(YamlFile& file, const YAML::Node& node, const SteeringNames& names,
                   steering::DynamicRecord& record);

// Warns of a fallback without an address of a family in which everybody may be down.
void warn_of_missing_families(YamlFile& file, const YAML::Node& all_down,
                              const SteeringTable& table, const steering::DynamicRecord& record);

}  // namespace config
