// `identity:` of a check or of an endpoint. Private to this folder.
#pragma once

#include <optional>
#include <string>

#include "health/check.h"
#include "server/config/named_file.h"
#include "server/config/yaml_reader.h"

namespace config {

// An identity whose files may differ from endpoint to endpoint.
struct WrittenIdentity {
  health::Identity fixed;  // but for what is in files
  std::optional<NamedFile> token_file;
  std::optional<NamedFile> body_file;

  // One for everybody.
  [[nodiscard]] bool is_plain() const noexcept;
  // Whether a probe of that check looks at all of it.
  [[nodiscard]] bool fits(const health::CheckSpec& check) const noexcept;
  [[nodiscard]] bool wants_body() const noexcept { return !fixed.body.empty() || body_file; }
};

// `whose`: "check `web`".
[[nodiscard]] std::optional<WrittenIdentity> read_written_identity(YamlFile& file,
                                                                   const YAML::Node& node,
                                                                   const std::string& whose);

// With the secrets of one endpoint; reports files that hold none.
[[nodiscard]] health::Identity settle(YamlFile& file, const WrittenIdentity& written,
                                      const FileOwner& owner);

}  // namespace config
