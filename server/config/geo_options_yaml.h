// `geo:` and `resolver:` of fairlead.yaml: what is known of the world outside. Private to this
// folder.
#pragma once

#include "server/config/options.h"
#include "server/config/yaml_reader.h"

namespace config {

void read_geo(YamlFile& file, const YAML::Node& node, Options& options);
[[nodiscard]] std::vector<ListenAddress> read_resolvers(YamlFile& file, const YAML::Node& node);

}  // namespace config
