// Places on Earth as the databases and the configuration name them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace geo {

struct Coordinates {
  double latitude = 0;   // degrees, north positive, [-90, 90]
  double longitude = 0;  // degrees, east positive, [-180, 180]

  friend bool operator==(const Coordinates&, const Coordinates&) = default;
};

// Great-circle distance in kilometers on a sphere of radius 6371.0088 km; right across the
// antimeridian and at the poles.
[[nodiscard]] double distance_km(Coordinates a, Coordinates b) noexcept;

enum class Continent : std::uint8_t { AF, AN, AS, EU, NA, OC, SA };

[[nodiscard]] std::string_view to_text(Continent continent) noexcept;         // "EU"
[[nodiscard]] std::string_view continent_name(Continent continent) noexcept;  // "Europe"
[[nodiscard]] std::optional<Continent> continent_from_text(std::string_view text) noexcept;

// ISO 3166-1 alpha-2, upper case. Only codes of two ASCII letters can be made.
class CountryCode {
 public:
  // Two letters in either case; whether a country has the code is for find_country to say.
  [[nodiscard]] static std::optional<CountryCode> from_text(std::string_view text) noexcept;
  [[nodiscard]] std::string_view text() const noexcept {
    return {letters_.data(), letters_.size()};
  }
  friend auto operator<=>(const CountryCode&, const CountryCode&) noexcept = default;

 private:
  constexpr CountryCode(char first, char second) noexcept : letters_{first, second} {}
  std::array<char, 2> letters_;
};

inline constexpr std::uint8_t kFromCorrection = 255;

// What is known of where an address is; every field may be missing.
struct Location {
  std::optional<Continent> continent;
  std::optional<CountryCode> country;
  std::string subdivision;                 // ISO 3166-2, "US-VA"; empty if unknown
  std::optional<Coordinates> coordinates;  // from the database, else the centroid of the
                                           // subdivision or country
  bool coordinates_are_centroid = false;
  std::uint32_t asn = 0;  // 0: unknown
  // Who told the country, else the coordinates, else the continent: 0 for nobody, an index into
  // Map::databases() + 1, or kFromCorrection.
  std::uint8_t source = 0;

  friend bool operator==(const Location&, const Location&) = default;
};

}  // namespace geo
