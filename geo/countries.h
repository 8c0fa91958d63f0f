// Countries and subdivisions with a point that stands for them.
#pragma once

#include <span>
#include <string_view>

#include "geo/location.h"

namespace geo {

struct Country {
  std::string_view code;  // ISO 3166-1 alpha-2
  std::string_view name;  // short English name
  Continent continent;
  Coordinates centroid;
};

// All of them, sorted by code: ISO 3166-1's, and XK, which databases use for Kosovo.
[[nodiscard]] std::span<const Country> countries() noexcept;
[[nodiscard]] const Country* find_country(std::string_view code) noexcept;  // upper case; or null

struct Subdivision {
  std::string_view code;  // ISO 3166-2: "US-VA"
  std::string_view name;
  Coordinates centroid;
};

// Those of the countries that are too large for one point: AU BR CA CN IN RU US. Sorted by code.
[[nodiscard]] std::span<const Subdivision> subdivisions() noexcept;
// Or null. Codes that ISO 3166-2 has replaced (IN-OR) find the entry with the current one (IN-OD).
[[nodiscard]] const Subdivision* find_subdivision(std::string_view code) noexcept;

}  // namespace geo
