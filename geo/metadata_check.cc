#include "geo/metadata_check.h"

#include <maxminddb.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "geo/data_check.h"

namespace geo {
namespace {

// Whether there is a collection of that name and type, with nothing but strings in it.
bool has_strings(const MMDB_s& metadata, const char* name, std::uint32_t type) {
  MMDB_entry_s start{&metadata, 0};
  MMDB_entry_data_s list{};
  const std::array<const char*, 2> path{name, nullptr};
  if (MMDB_aget_value(&start, &list, path.data()) != MMDB_SUCCESS) return false;
  MMDB_entry_s list_start{&metadata, list.offset};
  MMDB_entry_data_list_s* members = nullptr;
  const int status = MMDB_get_entry_data_list(&list_start, &members);
  bool only_strings =
      status == MMDB_SUCCESS && members != nullptr && members->entry_data.type == type;
  if (only_strings) {
    for (const auto* member = members->next; member != nullptr; member = member->next) {
      only_strings = only_strings && member->entry_data.type == MMDB_DATA_TYPE_UTF8_STRING;
    }
  }
  MMDB_free_entry_data_list(members);  // there is a list even if it failed half-way
  return only_strings;
}

}  // namespace

bool has_sound_metadata(dnswire::Bytes tail) {
  constexpr std::string_view kMarker = "\xAB\xCD\xEFMaxMind.com";
  const auto same_octet = [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); };
  const auto marker =
      std::find_end(tail.begin(), tail.end(), kMarker.begin(), kMarker.end(), same_octet);
  if (marker == tail.end()) return false;
  const dnswire::Bytes metadata = dnswire::Bytes(marker, tail.end()).subspan(kMarker.size());
  if (!is_decodable(metadata, 0)) return false;
  // Metadata are encoded as a data section is, so libmaxminddb can look into them like one.
  MMDB_s database{};
  database.data_section = metadata.data();
  database.data_section_size = static_cast<std::uint32_t>(metadata.size());
  return has_strings(database, "languages", MMDB_DATA_TYPE_ARRAY) &&
         has_strings(database, "description", MMDB_DATA_TYPE_MAP);
}

}  // namespace geo
