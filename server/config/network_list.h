// `net:` of a rule: networks, and files of them. Private to this folder.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dnswire/address.h"
#include "server/config/yaml_reader.h"

namespace config {

struct NetworkList {
  std::vector<dnswire::Prefix> nets;
  std::vector<Spot> spots;         // of each
  std::vector<std::string> files;  // as they are named
  std::size_t in_files = 0;        // of the networks
};

// A network, `{file: NAME}`, or a list of both. A file has one network in a line; what is behind a
// `#` is not read. A network that stands twice is reported, and, written here, one inside another;
// files may hold such, and are warned of.
[[nodiscard]] NetworkList read_network_list(YamlFile& file, const YAML::Node& node,
                                            std::string_view what);

}  // namespace config
