// Rules, and values of rules, that nobody meets because an earlier rule takes all their clients.
// Private to this folder.
#pragma once

#include <vector>

#include "server/config/rule_yaml.h"

namespace config {

// Reports them. Each rule is compared with each earlier one, not with several together: countries
// that make up a whole continent do not hide it.
void refuse_hidden_rules(YamlFile& file, const std::vector<WrittenRule>& rules);

}  // namespace config
