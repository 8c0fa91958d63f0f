// The section `workers` of fairlead.yaml. Private to this folder.
#pragma once

#include "server/config/worker_options.h"
#include "server/config/yaml_reader.h"

namespace config {

[[nodiscard]] WorkerOptions read_workers(YamlFile& file, const YAML::Node& node);

}  // namespace config
