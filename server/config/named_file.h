// Files that a configuration names: certificates, keys, secrets. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/config/yaml_reader.h"

namespace config {

// Whom a file belongs to whose name may hold `{zone}` and `{endpoint}`.
struct FileOwner {
  std::string_view zone;
  std::string_view endpoint;
};

// A file as it is written, for when it is known whose it is.
struct NamedFile {
  std::string path;  // from the root, or from where fairlead runs
  std::string what;  // "`token_file` of check `web`"
  YAML::Node at;

  // One file for everybody.
  [[nodiscard]] bool is_plain() const noexcept { return path.find('{') == std::string::npos; }
};

// Absent: not written, or reported.
[[nodiscard]] std::optional<NamedFile> read_file_name(const Fields& fields, std::string_view key);

// `{zone}` and `{endpoint}` replaced; what is no letter, digit, `-`, `_` or `.` in them becomes
// `_`.
[[nodiscard]] std::string expand(std::string_view path, const FileOwner& owner);

// The secret in a file, without the blanks around it; reported if there is none: 16 to 512 octets
// of printable ASCII without blanks. Warns of a file that everybody may read. No message holds any
// of it.
[[nodiscard]] std::optional<std::string> read_secret(YamlFile& file, const NamedFile& named,
                                                     const FileOwner& owner);
// The same for a text of 1 to 1024 octets of any kind.
[[nodiscard]] std::optional<std::string> read_text(YamlFile& file, const NamedFile& named,
                                                   const FileOwner& owner);

enum class Pem { Certificates, Key };
// The path of a PEM file; reported, and empty, if it is none.
[[nodiscard]] std::string read_pem_name(const Fields& fields, std::string_view key, Pem kind);

}  // namespace config
