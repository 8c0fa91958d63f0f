#include "server/admin/location_text.h"

#include <array>
#include <cstdio>
#include <tuple>

#include "geo/countries.h"
#include "server/logging/log.h"

namespace admin {
namespace {

std::string country_text(const geo::Location& location) {
  if (!location.country) {
    return location.continent ? std::string(continent_name(*location.continent)) : "";
  }
  const std::string code(location.country->text());
  const geo::Country* country = geo::find_country(code);
  std::string text = country == nullptr ? code : std::string(country->name) + " (" + code;
  if (country == nullptr)
    text += " (";
  else
    text += ", ";
  return text + (location.continent ? std::string(continent_name(*location.continent)) : "?") + ")";
}

std::string point_text(geo::Coordinates point) {
  std::array<char, 48> text{};
  std::ignore =
      std::snprintf(text.data(), text.size(), "%.2f, %.2f", point.latitude, point.longitude);
  return text.data();
}

}  // namespace

std::string location_text(const geo::Location& location) {
  std::string text = country_text(location);
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (!location.subdivision.empty()) {
    const geo::Subdivision* subdivision = geo::find_subdivision(location.subdivision);
    add(location.subdivision +
        (subdivision == nullptr ? "" : " (" + std::string(subdivision->name) + ")"));
  }
  if (location.coordinates) {
    add("at " + point_text(*location.coordinates) +
        (location.coordinates_are_centroid ? " (centroid)" : ""));
  }
  if (location.asn != 0) add("AS" + std::to_string(location.asn));
  return text.empty() ? "an unknown place" : text;
}

std::string file_name(const geo::DatabaseInfo& database) {
  return logging::escape(database.path.substr(database.path.rfind('/') + 1));
}

std::string source_text(const geo::Location& location,
                        std::span<const geo::DatabaseInfo> databases) {
  if (location.source == geo::kFromCorrection) return "a correction";
  if (location.source == 0 || location.source > databases.size()) return "";
  return file_name(databases[location.source - 1U]);
}

}  // namespace admin
