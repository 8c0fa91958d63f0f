// The sections of fairlead.yaml that concern health. Private to this folder.
#pragma once

#include <vector>

#include "server/config/health_options.h"
#include "server/config/yaml_reader.h"

namespace config {

[[nodiscard]] ProbeOptions read_probes(YamlFile& file, const YAML::Node& node);
[[nodiscard]] IsolationOptions read_isolation(YamlFile& file, const YAML::Node& node);
[[nodiscard]] std::vector<HookOptions> read_hooks(YamlFile& file, const YAML::Node& node);

}  // namespace config
