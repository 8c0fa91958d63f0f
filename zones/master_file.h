#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "dnswire/name_view.h"
#include "zones/problem.h"
#include "zones/zone.h"
#include "zones/zone_builder.h"

namespace zones {

struct MasterOptions {
  Limits limits = {};
  // Gives the text of a file that is included, or a clause that says why it cannot: "cannot be
  // read: No such file or directory". None: $INCLUDE is refused.
  std::function<tl::expected<std::string, std::string>(const std::string& path)> read_file = {};
  std::size_t max_text = std::size_t{1} << 30;       // octets, of all files of a zone together
  std::size_t max_generated = std::size_t{1} << 22;  // records, of all $GENERATE together
};

// Reads a master file: RFC 1035 5, RFC 2308 4 ($TTL), RFC 3597 5 (`\#`), BIND's $GENERATE.
//
// - The zone's origin is the owner of the SOA. Relative names are relative to `origin` until a
//   $ORIGIN says otherwise.
// - A record without a TTL has that of the last $TTL (RFC 2308 4), else the last one that a record
//   stated (RFC 1035 5.1), else the SOA's MINIMUM.
// - An included file begins with the origin and the last owner of the one that includes it; what it
//   makes of them ends with it (RFC 1035 5.1), but its $TTL stays. Its path is relative to the
//   folder of the file that includes it.
// - The class is IN or left out. Text is ASCII but inside quoted strings and comments; a byte order
//   mark of UTF-8 in front is skipped.
//
// Or all problems found, at most a hundred; `file` is the name that they bear.
[[nodiscard]] tl::expected<Zone, Problems> parse_master_text(std::string_view text,
                                                             const std::string& file,
                                                             dnswire::NameView origin,
                                                             const MasterOptions& options = {});

// A file that was read for a zone, and what it said.
struct FileMark {
  std::array<std::uint8_t, 8> digest;  // of the text
  std::string path;
  friend bool operator==(const FileMark&, const FileMark&) = default;
};

// A zone and what it was made of, which tells whether it would be the same again.
struct MasterZone {
  std::shared_ptr<const Zone> zone;
  Limits limits;
  std::vector<FileMark> files;  // the master file first, then those that it includes
};

// Reads a file whose name, less its extension, is the origin ("example.org.zone"), with the files
// that it includes. Where each of them still says what it said for `before`, that is the result:
// nothing is parsed, and the zone is the same object.
[[nodiscard]] tl::expected<MasterZone, Problems> load_master_file(
    const std::string& path, Limits limits = {}, const MasterZone* before = nullptr);

}  // namespace zones
