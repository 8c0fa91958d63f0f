#include "geo/location.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace geo {
namespace {

constexpr double kEarthRadiusKm = 6371.0088;  // mean radius (IUGG)

struct ContinentText {
  std::string_view code;
  std::string_view name;
};

// In the order of the enumeration.
constexpr std::array<ContinentText, 7> kContinents{{{"AF", "Africa"},
                                                    {"AN", "Antarctica"},
                                                    {"AS", "Asia"},
                                                    {"EU", "Europe"},
                                                    {"NA", "North America"},
                                                    {"OC", "Oceania"},
                                                    {"SA", "South America"}}};

constexpr double radians(double degrees) noexcept { return degrees * std::numbers::pi / 180; }

// ASCII only and independent of the locale; '\0' if it is no letter.
constexpr char upper_letter(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c;
  if (c >= 'a' && c <= 'z') return static_cast<char>(c - 'a' + 'A');
  return '\0';
}

}  // namespace

double distance_km(Coordinates a, Coordinates b) noexcept {
  // The haversine form keeps its precision for points close together. Rounding can push its
  // argument past 1 for antipodes, where asin would give no number.
  const double sin_latitude = std::sin(radians(b.latitude - a.latitude) / 2);
  const double sin_longitude = std::sin(radians(b.longitude - a.longitude) / 2);
  const double haversine = sin_latitude * sin_latitude + std::cos(radians(a.latitude)) *
                                                             std::cos(radians(b.latitude)) *
                                                             sin_longitude * sin_longitude;
  return 2 * kEarthRadiusKm * std::asin(std::sqrt(std::clamp(haversine, 0.0, 1.0)));
}

std::string_view to_text(Continent continent) noexcept {
  return kContinents[static_cast<std::size_t>(continent)].code;
}

std::string_view continent_name(Continent continent) noexcept {
  return kContinents[static_cast<std::size_t>(continent)].name;
}

std::optional<Continent> continent_from_text(std::string_view text) noexcept {
  for (std::size_t i = 0; i < kContinents.size(); ++i) {
    if (kContinents[i].code == text) return static_cast<Continent>(i);
  }
  return std::nullopt;
}

std::optional<CountryCode> CountryCode::from_text(std::string_view text) noexcept {
  if (text.size() != 2) return std::nullopt;
  const char first = upper_letter(text[0]);
  const char second = upper_letter(text[1]);
  if (first == '\0' || second == '\0') return std::nullopt;
  return CountryCode(first, second);
}

}  // namespace geo
