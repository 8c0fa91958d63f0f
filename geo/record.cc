#include "geo/record.h"

#include <maxminddb.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "geo/countries.h"
#include "geo/data_check.h"
#include "geo/subdivision_names.h"

namespace geo {
namespace {

// Keys from the outside to the inside; a number is an index into an array.
using Path = std::array<const char*, 4>;  // ends with null

template <class Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Record {
 public:
  Record(const MMDB_s& database, std::uint32_t offset) noexcept : entry_{&database, offset} {}

  [[nodiscard]] bool damaged() const noexcept { return damaged_; }

  // Empty if there is no string.
  std::string_view text(const Path& path) noexcept {
    const MMDB_entry_data_s value = find(path);
    if (value.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
    return {value.utf8_string, value.data_size};
  }

  std::optional<double> number(const Path& path) noexcept {
    const MMDB_entry_data_s value = find(path);
    switch (value.type) {
      case MMDB_DATA_TYPE_DOUBLE:
        return value.double_value;
      case MMDB_DATA_TYPE_FLOAT:
        return value.float_value;
      case MMDB_DATA_TYPE_UTF8_STRING:
        return parse_number<double>({value.utf8_string, value.data_size});
      default:
        return std::nullopt;
    }
  }

  // 64500, "64500" and "AS64500"; 0 if there is none.
  std::uint32_t as_number(const Path& path) noexcept {
    const MMDB_entry_data_s value = find(path);
    if (value.type == MMDB_DATA_TYPE_UINT32) return value.uint32;
    if (value.type == MMDB_DATA_TYPE_UINT16) return value.uint16;
    if (value.type != MMDB_DATA_TYPE_UTF8_STRING) return 0;
    std::string_view digits(value.utf8_string, value.data_size);
    if (digits.starts_with("AS")) digits.remove_prefix(2);
    return parse_number<std::uint32_t>(digits).value_or(0);
  }

 private:
  // Of type 0 if there is no such value.
  MMDB_entry_data_s find(const Path& path) noexcept {
    MMDB_entry_data_s value{};
    const int status = MMDB_aget_value(&entry_, &value, path.data());
    if (status == MMDB_SUCCESS && value.has_data) return value;
    damaged_ = damaged_ || (status != MMDB_SUCCESS && status != MMDB_INVALID_LOOKUP_PATH_ERROR &&
                            status != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR);
    return {};
  }

  MMDB_entry_s entry_;
  bool damaged_ = false;
};

// Databases have codes for what is no country ("EU", "A1", "ZZ"): those count as unknown.
std::optional<CountryCode> read_country(Record& record, std::initializer_list<Path> paths) {
  for (const Path& path : paths) {
    const auto code = CountryCode::from_text(record.text(path));
    if (code && find_country(code->text()) != nullptr) return code;
  }
  return std::nullopt;
}

std::optional<Continent> read_continent(Record& record) noexcept {
  static constexpr std::array<Path, 3> kPaths{
      {{"continent", "code"}, {"continent_code"}, {"continent"}}};
  for (const Path& path : kPaths) {
    if (const auto continent = continent_from_text(record.text(path))) return continent;
  }
  return std::nullopt;
}

// The part of an ISO 3166-2 code after the hyphen.
bool is_subdivision_part(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 3 && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

// Replaces a code that ISO 3166-2 has changed, where we know.
std::string current_code(std::string_view code) {
  const Subdivision* known = find_subdivision(code);
  return std::string(known == nullptr ? code : known->code);
}

// Flat databases have codes, with or without the country's, or names.
std::string subdivision_from_text(CountryCode country, std::string_view text) {
  const std::string prefix = std::string(country.text()) + "-";
  if (text.starts_with(prefix) && is_subdivision_part(text.substr(prefix.size()))) {
    return current_code(text);
  }
  const Subdivision* known = find_subdivision(prefix + std::string(text));
  if (known == nullptr) known = find_subdivision_by_name(country, text);
  return known == nullptr ? std::string() : std::string(known->code);
}

std::string read_subdivision(Record& record, CountryCode country) {
  // MaxMind's: by definition the part after the hyphen.
  const std::string_view part = record.text({"subdivisions", "0", "iso_code"});
  if (is_subdivision_part(part)) {
    return current_code(std::string(country.text()) + "-" + std::string(part));
  }
  static constexpr std::array<Path, 5> kPaths{
      {{"state_code"}, {"region_code"}, {"subdivision"}, {"state1"}, {"region"}}};
  for (const Path& path : kPaths) {
    const std::string_view text = record.text(path);
    if (text.empty()) continue;
    if (std::string code = subdivision_from_text(country, text); !code.empty()) return code;
  }
  return {};
}

std::optional<Coordinates> read_coordinates(Record& record) noexcept {
  auto latitude = record.number({"location", "latitude"});
  auto longitude = record.number({"location", "longitude"});
  if (!latitude) latitude = record.number({"latitude"});
  if (!longitude) longitude = record.number({"longitude"});
  if (!latitude || !longitude) return std::nullopt;
  const bool on_earth = *latitude >= -90 && *latitude <= 90 &&  // false for NaN too
                        *longitude >= -180 && *longitude <= 180;
  // 0, 0 is a place in the sea, and what databases write for lack of a better one.
  const bool nowhere = *latitude == 0 && *longitude == 0;
  if (!on_earth || nowhere) return std::nullopt;
  return Coordinates{*latitude + 0.0, *longitude + 0.0};  // makes -0 an ordinary 0
}

std::uint32_t read_as_number(Record& record) noexcept {
  static constexpr std::array<Path, 3> kPaths{
      {{"autonomous_system_number"}, {"asn"}, {"traits", "autonomous_system_number"}}};
  for (const Path& path : kPaths) {
    if (const std::uint32_t number = record.as_number(path)) return number;
  }
  return 0;
}

}  // namespace

std::optional<Location> read_record(const MMDB_s& database, std::uint32_t offset) {
  const dnswire::Bytes section(database.data_section, database.data_section_size);
  if (!is_decodable(section, offset)) return std::nullopt;
  Record record(database, offset);
  Location location;
  location.continent = read_continent(record);
  location.country = read_country(record, {{"country", "iso_code"}, {"country_code"}, {"country"}});
  location.coordinates = read_coordinates(record);
  location.asn = read_as_number(record);
  if (location.country) {
    location.subdivision = read_subdivision(record, *location.country);
  } else {
    // Where the network is registered; better than nothing, and no home for a subdivision.
    location.country = read_country(record, {{"registered_country", "iso_code"}});
  }
  if (record.damaged()) return std::nullopt;
  return location;
}

}  // namespace geo
