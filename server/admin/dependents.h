#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/steering/plan.h"
#include "zones/zone_set.h"

namespace admin {

// Names, without the final dot, whose dynamic records may answer with one of the endpoints: by a
// rule's pool, a pool behind it, or a fixed answer. At most `limit`.
[[nodiscard]] std::vector<std::string> names_resting_on(
    const zones::ZoneSet& zones, const steering::Plan& plan,
    const std::vector<steering::EndpointId>& endpoints, std::size_t limit);

}  // namespace admin
