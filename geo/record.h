// What one record of a MaxMind DB says.
#pragma once

#include <cstdint>
#include <optional>

#include "geo/location.h"

struct MMDB_s;  // libmaxminddb's

namespace geo {

// Understands MaxMind's nested records ({country: {iso_code: ...}, location: {...}}) and flat ones
// ({country_code: ..., latitude: ...}). Nothing is completed or looked up but the code of a
// subdivision that only has a name. Empty if the record is damaged.
[[nodiscard]] std::optional<Location> read_record(const MMDB_s& database, std::uint32_t offset);

}  // namespace geo
