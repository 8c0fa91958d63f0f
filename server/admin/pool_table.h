#pragma once

#include <string>
#include <vector>

#include "server/admin/explanation.h"

namespace admin {

// "everywhere, pick nearest: 3 healthy, needs 1", with `aside` behind the name. `by_health`: that
// is why it serves, if it does.
[[nodiscard]] std::string pool_head(const ExplainedPool& pool, const std::string& aside,
                                    bool by_health);

// A line for each address of each member, in the order in which the pick looks at them, pools
// inside pools indented; columns aligned.
[[nodiscard]] std::vector<std::string> pool_table(const ExplainedPool& pool);

}  // namespace admin
