// Places as `at:` and `order:` name them. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "geo/countries.h"
#include "geo/location.h"
#include "server/config/yaml_reader.h"

namespace config {

struct Place {
  geo::Coordinates coordinates;
  std::string text;                       // as written: "JP", "US-VA", "50.11, 8.68"
  const geo::Country* country = nullptr;  // of the subdivision, too; none: only coordinates
  std::string subdivision;                // ISO 3166-2
};

// A country (JP), a subdivision of those that have a centroid (US-VA), or [latitude, longitude].
[[nodiscard]] std::optional<Place> read_place(YamlFile& file, const YAML::Node& node,
                                              std::string_view what);

// Of a country that there is, and formed as ISO 3166-2 says; the current one where ISO has replaced
// it (IN-OR). Absent: no subdivision can have it.
[[nodiscard]] std::optional<std::string> subdivision_code(std::string_view text);

// "no subdivision of United States, did you mean `US-VA`?" for a code (subdivision_code) of a
// country whose subdivisions fairlead knows; or nothing.
[[nodiscard]] std::string deny_subdivision(std::string_view code);

// ", did you mean `JP`?" for `jp` and `Japan`, `GB` for `UK`; or nothing.
[[nodiscard]] std::string suggest_place(std::string_view text);

}  // namespace config
