#pragma once

#include <string>

#include "server/admin/world_map.h"

namespace admin {

// The same as JSON, countries included. Keys that are there stay: programs read them.
[[nodiscard]] std::string world_map_json(const WorldMap& map);

}  // namespace admin
