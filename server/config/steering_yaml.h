// `endpoints:`, `pools:` and `dynamic:` of a zone file. Private to this folder.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "server/config/check_yaml.h"
#include "server/config/steering_table.h"
#include "server/config/yaml_reader.h"
#include "zones/zone.h"

namespace config {

// Names of one zone file and what they stand for.
struct SteeringNames {
  std::string zone;  // without the final dot
  Checks checks;
  std::map<std::string, std::size_t> uses;  // of checks, by endpoints
  std::set<std::string> credulous_checks;   // that would pass whoever answers, as they are used
  std::unordered_map<std::string, steering::EndpointId> endpoints;
  std::unordered_map<std::string, steering::PoolId> pools;
};

void read_endpoints(YamlFile& file, const YAML::Node& node, SteeringNames& names,
                    SteeringTable& table);
void read_pools(YamlFile& file, const YAML::Node& node, SteeringNames& names, SteeringTable& table);

// One `dynamic:` mapping, or `dynamic: POOL` in short.
[[nodiscard]] zones::DynamicId read_dynamic(YamlFile& file, const YAML::Node& node,
                                            const SteeringNames& names, SteeringTable& table);

// The name's id, or a problem that names the nearest.
template <class Id>
std::optional<Id> resolve(YamlFile& file, const YAML::Node& node, std::string_view kind,
                          std::string_view what, const std::unordered_map<std::string, Id>& known) {
  const auto name = file.text(node, what);
  if (!name) return std::nullopt;
  if (const auto found = known.find(*name); found != known.end()) return found->second;
  std::vector<std::string_view> names;
  names.reserve(known.size());
  for (const auto& [key, id] : known) names.push_back(key);
  file.problem(node, std::string(what) + ": there is no " + std::string(kind) + " " +
                         in_backticks(*name) + suggest_among(*name, names));
  return std::nullopt;
}

}  // namespace config
