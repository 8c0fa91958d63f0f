// Subdivisions by the names that databases without codes give them.
#pragma once

#include <string_view>

#include "geo/countries.h"
#include "geo/location.h"

namespace geo {

// Case counts. Knows our own names and those of GeoNames; null for all others.
[[nodiscard]] const Subdivision* find_subdivision_by_name(CountryCode country,
                                                          std::string_view name) noexcept;

}  // namespace geo
