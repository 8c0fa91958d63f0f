// `order:` of a pool. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "server/config/yaml_reader.h"
#include "server/steering/plan.h"

namespace config {

// `{JP: [tokyo, frankfurt], US-CA: [virginia], unknown: [frankfurt]}` into Pool::order and
// Pool::order_elsewhere. `what`: "`order` of pool `edges`". `members`: as written, by index.
void read_order(YamlFile& file, const YAML::Node& node, const std::string& what,
                const std::vector<std::string>& members, steering::Pool& pool);

}  // namespace config
