#include "server/config/place_yaml.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "server/config/text_rules.h"

namespace config {
namespace {

std::optional<double> parse_degrees(const YAML::Node& node, double limit) {
  if (!node.IsScalar()) return std::nullopt;
  const std::string& text = node.Scalar();
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || !std::isfinite(value) || std::abs(value) > limit) return std::nullopt;
  return value;
}

std::optional<Place> read_point(YamlFile& file, const YAML::Node& node, std::string_view what) {
  if (node.size() == 2) {
    const auto latitude = parse_degrees(node[0], 90);
    const auto longitude = parse_degrees(node[1], 180);
    if (latitude && longitude) {
      return Place{
          {*latitude, *longitude}, node[0].Scalar() + ", " + node[1].Scalar(), nullptr, {}};
    }
  }
  file.problem(
      node, std::string(what) + " is not [latitude, longitude] in degrees, such as [50.11, 8.68]");
  return std::nullopt;
}

bool is_code_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

}  // namespace

std::optional<Place> read_place(YamlFile& file, const YAML::Node& node, std::string_view what) {
  if (node.IsSequence()) return read_point(file, node, what);
  const auto text = file.text(node, what);
  if (!text) return std::nullopt;
  if (const geo::Country* country = geo::find_country(*text)) {
    return Place{country->centroid, *text, country, {}};
  }
  if (const geo::Subdivision* subdivision = geo::find_subdivision(*text)) {
    return Place{subdivision->centroid, *text, geo::find_country(subdivision->code.substr(0, 2)),
                 std::string(subdivision->code)};
  }
  const std::string hint = suggest_place(*text);
  file.problem(node,
               std::string(what) + " is " + in_backticks(*text) +
                   ", which is no country (`JP`) and no subdivision that fairlead knows (`US-VA`)" +
                   (hint.empty() ? "; [latitude, longitude] always works" : hint));
  return std::nullopt;
}

std::optional<std::string> subdivision_code(std::string_view text) {
  if (const geo::Subdivision* known = geo::find_subdivision(text)) return std::string(known->code);
  const bool formed = text.size() >= 4 && text.size() <= 6 && text[2] == '-' &&
                      std::ranges::all_of(text.substr(3), is_code_character);
  if (!formed || geo::find_country(text.substr(0, 2)) == nullptr) return std::nullopt;
  return std::string(text);
}

std::string deny_subdivision(std::string_view code) {
  const std::string_view country = code.substr(0, 3);  // with the hyphen
  const bool has_all = std::ranges::any_of(geo::subdivisions(), [&](const geo::Subdivision& other) {
    return other.code.starts_with(country);
  });
  if (!has_all || geo::find_subdivision(code) != nullptr) return {};
  // Those that begin alike: of two letters every other code is as near.
  std::vector<std::string_view> similar;
  for (const geo::Subdivision& other : geo::subdivisions()) {
    if (other.code.starts_with(code.substr(0, 4))) similar.push_back(other.code);
  }
  return "no subdivision of " + std::string(geo::find_country(code.substr(0, 2))->name) +
         (similar.empty() ? "" : ", did you mean " + joined(similar) + "?");
}

std::string suggest_place(std::string_view text) {
  const std::string wanted = to_lower(text);
  const auto mean = [](std::string_view code) {
    return ", did you mean `" + std::string(code) + "`?";
  };
  const auto fits = [&](const auto& place) {
    return to_lower(place.code) == wanted || to_lower(place.name) == wanted;
  };
  if (wanted == "uk") return mean("GB");
  const auto countries = geo::countries();
  if (const auto found = std::ranges::find_if(countries, fits); found != countries.end()) {
    return mean(found->code);
  }
  const auto subdivisions = geo::subdivisions();
  if (const auto found = std::ranges::find_if(subdivisions, fits); found != subdivisions.end()) {
    return mean(found->code);
  }
  return {};
}

}  // namespace config
