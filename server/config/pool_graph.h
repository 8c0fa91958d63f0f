// How the pools of one file lead to each other. Private to this folder.
#pragma once

#include <optional>
#include <vector>

#include "server/config/steering_yaml.h"

namespace config {

// The file's pools, each behind those that it leads to by `members` or `then`. Absent: some lead in
// a circle, which is reported.
[[nodiscard]] std::optional<std::vector<steering::PoolId>> sort_pools(const SteeringNames& names,
                                                                      const steering::Plan& plan);

// Fills in SteeringTable::reaches. False: some reach farther than a query may go, which is
// reported.
[[nodiscard]] bool measure_pools(const SteeringNames& names,
                                 const std::vector<steering::PoolId>& sorted, SteeringTable& table);

// The endpoints below a pool, each once, in the order written; not those that it spills to.
[[nodiscard]] std::vector<steering::EndpointId> leaves_of(const steering::Plan& plan,
                                                          steering::PoolId pool);

}  // namespace config
