#pragma once

#include <string>

#include "server/admin/world_map.h"

namespace admin {

// A table for a person; with `with_countries`, the codes of each one's countries.
[[nodiscard]] std::string world_map_text(const WorldMap& map, bool with_countries);

}  // namespace admin
