#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "health/override.h"
#include "server/steering/plan.h"
#include "zones/zone_set.h"

namespace admin {

// Names, without the final dot, whose dynamic records may answer with one of the endpoints: by a
// rule's pool, a pool behind it, or a fixed answer; for a weight, where a pool on the way heeds it.
// At most `limit`.
[[nodiscard]] std::vector<std::string> names_resting_on(
    const zones::ZoneSet& zones, const steering::Plan& plan,
    const std::vector<steering::EndpointId>& endpoints, health::OverrideKind kind,
    std::size_t limit);

}  // namespace admin
