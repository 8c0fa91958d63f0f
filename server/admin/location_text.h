#pragma once

#include <string>

#include "geo/location.h"

namespace admin {

// "Japan (JP, Asia), near 36.2, 138.3 (centroid), AS2497"; "an unknown place".
[[nodiscard]] std::string location_text(const geo::Location& location);

}  // namespace admin
