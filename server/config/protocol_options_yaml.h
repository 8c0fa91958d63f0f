// The sections of fairlead.yaml that concern the protocol. Private to this folder.
#pragma once

#include "server/config/protocol_options.h"
#include "server/config/yaml_reader.h"
#include "zones/zone_builder.h"

namespace config {

[[nodiscard]] IdentityOptions read_identity(YamlFile& file, const YAML::Node& node);
// `secrets` as written: a path may be relative, and is empty where the file does not name one.
[[nodiscard]] CookieOptions read_cookies(YamlFile& file, const YAML::Node& node);
[[nodiscard]] UdpOptions read_udp(YamlFile& file, const YAML::Node& node);
[[nodiscard]] TcpOptions read_tcp(YamlFile& file, const YAML::Node& node);
[[nodiscard]] zones::Limits read_limits(YamlFile& file, const YAML::Node& node);

}  // namespace config
