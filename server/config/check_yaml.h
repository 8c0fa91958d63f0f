// `checks:` of a zone file. Private to this folder.
#pragma once

#include <string>
#include <unordered_map>

#include "health/check.h"
#include "server/config/yaml_reader.h"

namespace config {

using Checks = std::unordered_map<std::string, health::CheckSpec>;

[[nodiscard]] Checks read_checks(YamlFile& file, const YAML::Node& node);

}  // namespace config
