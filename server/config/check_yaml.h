// `checks:` of a zone file, and canaries, which are checks with an address of their own. Private to
// this folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "health/check.h"
#include "health/subject.h"
#include "server/config/identity_yaml.h"
#include "server/config/named_file.h"
#include "server/config/yaml_reader.h"

namespace config {

// A check as it is written: what its secrets are may depend on the endpoint.
struct Check {
  std::string name;
  health::CheckSpec spec;  // secrets that are the same for everybody are in it
  health::Level level = health::Level::Edge;
  std::optional<WrittenIdentity> identity;  // with a file for each endpoint
  std::optional<NamedFile> token_file;      // heartbeat
  YAML::Node at;                            // its name
};

using Checks = std::unordered_map<std::string, std::shared_ptr<const Check>>;

// `may_exec`: what fairlead.yaml says of checks that run programs.
[[nodiscard]] Checks read_checks(YamlFile& file, const YAML::Node& node, bool may_exec);

// One entry of `canaries:`.
[[nodiscard]] health::Target read_canary(YamlFile& file, const Entry& entry);

[[nodiscard]] constexpr bool is_tls(health::ProbeType type) noexcept {
  return type == health::ProbeType::Https || type == health::ProbeType::Tls;
}

}  // namespace config
