#pragma once

#include <span>
#include <string>

#include "geo/location.h"
#include "geo/map.h"

namespace admin {

// "Japan (JP, Asia), near 36.2, 138.3 (centroid), AS2497"; "an unknown place".
[[nodiscard]] std::string location_text(const geo::Location& location);

// "country.mmdb"
[[nodiscard]] std::string file_name(const geo::DatabaseInfo& database);

// Who says so: "country.mmdb", "a correction"; empty: nobody.
[[nodiscard]] std::string source_text(const geo::Location& location,
                                      std::span<const geo::DatabaseInfo> databases);

}  // namespace admin
