// `dynamic:` and `ALIAS:` of a name. Private to this folder.
#pragma once

#include <optional>

#include "server/config/steering_table.h"
#include "server/config/steering_yaml.h"
#include "server/config/target_yaml.h"
#include "server/config/yaml_reader.h"
#include "server/steering/plan.h"

namespace config {

// What is known where such a record is read.
struct DynamicContext {
  YamlFile& file;
  const Owner& owner;
  const SteeringNames& names;
  const SteeringTable& table;
  Targets& targets;
};

// One `dynamic:` mapping, or `dynamic: POOL` in short.
[[nodiscard]] steering::DynamicRecord read_dynamic(const DynamicContext& context,
                                                   const YAML::Node& node);

// `ALIAS: NAME`, or `ALIAS: {target: NAME, ttl: ...}`. Absent: reported.
[[nodiscard]] std::optional<steering::DynamicRecord> read_alias(const DynamicContext& context,
                                                                const YAML::Node& node);

// `ttl` and `ttl_min`, whichever of them are written.
void read_ttls(const Fields& fields, steering::DynamicRecord& record);

}  // namespace config
