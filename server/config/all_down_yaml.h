// `all_down:` and `until_checked:` of a dynamic record. Private to this folder.
#pragma once

#include "server/config/dynamic_yaml.h"
#include "server/config/yaml_reader.h"
#include "server/steering/plan.h"

namespace config {

// A pool, an address, a list of addresses, `{alias: NAME}` or `{cname: NAME}`.
[[nodiscard]] steering::Fixed read_fixed(const DynamicContext& context, const YAML::Node& node,
                                         std::string_view what);

// A word, or `{fallback: ...}`.
void read_all_down(const DynamicContext& context, const YAML::Node& node,
                   steering::DynamicRecord& record);

// Warns of a fallback without an address of a family in which everybody may be down.
// Requires: the pools of the rules are there.
void warn_of_missing_families(const DynamicContext& context, const YAML::Node& all_down,
                              const steering::DynamicRecord& record);

// Warns of rules some of whose pools lack a family that others have.
// Requires: the pools of the rules are there.
void warn_of_uneven_families(const DynamicContext& context, const YAML::Node& rules,
                             const steering::DynamicRecord& record);

}  // namespace config
