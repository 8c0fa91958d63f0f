// `checks:`, `endpoints:`, `pools:` and `dynamic:` of a zone file; shared.yaml has the first three.
// Private to this folder.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/config/check_yaml.h"
#include "server/config/name_table.h"
#include "server/config/steering_table.h"
#include "server/config/yaml_reader.h"
#include "zones/zone.h"

namespace config {

// How endpoints use a check.
struct CheckUse {
  std::size_t endpoints = 0;
  bool is_credulous = false;  // would pass whoever answers
};

// Names of one file and what they stand for.
//
// Borrows: the file; the names of shared.yaml, which note what this file uses of them.
struct SteeringNames {
  // `shared` is null where there is no shared.yaml, and in shared.yaml itself.
  SteeringNames(YamlFile& file, const SteeringTable& table, SteeringNames* shared);

  // Whose check it is: this file's, or shared.yaml's.
  [[nodiscard]] SteeringNames& owner_of(const Check& check);

  YamlFile& file;
  SteeringNames* shared;
  bool is_shared = false;  // shared.yaml itself
  std::string zone;        // without the final dot; or steering::kSharedZone
  NameTable<std::shared_ptr<const Check>> checks;
  NameTable<steering::EndpointId> endpoints;
  NameTable<steering::PoolId> pools;
  std::map<std::string, CheckUse> uses;  // of this file's checks, by all files

  // What of the plan is this file's, and where it is written.
  std::size_t first_endpoint;
  std::size_t first_pool;
  std::size_t first_record;
  std::vector<YAML::Node> endpoint_nodes;
  std::vector<YAML::Node> pool_nodes;
};

// `checks`, `endpoints` and `pools` among the fields of a file. `may_exec`: as for read_checks.
void read_steering(const Fields& fields, bool may_exec, SteeringNames& names, SteeringTable& table);

// Reports an endpoint or pool with the name of another one: of this file's other kind, or of either
// kind in shared.yaml. `kind`: "endpoint" or "pool".
void refuse_taken_name(const SteeringNames& names, const Entry& entry, std::string_view kind);

void read_endpoints(YamlFile& file, const YAML::Node& node, SteeringNames& names,
                    SteeringTable& table);
void read_pools(YamlFile& file, const YAML::Node& node, SteeringNames& names, SteeringTable& table);

// Reports pools of a zone that nothing leads to; of shared.yaml it warns. Warns of endpoints and
// checks that nothing uses and of checks that are of little use.
// Requires: everything is read that may use them, and without a problem, which might be the reason.
void settle_steering(const SteeringNames& names, const SteeringTable& table);

// The name's meaning, or a problem that names the nearest.
template <class T>
std::optional<T> resolve(YamlFile& file, const YAML::Node& node, std::string_view kind,
                         std::string_view what, const NameTable<T>& known) {
  const auto name = file.text(node, what);
  if (!name) return std::nullopt;
  if (const T* found = known.find(*name)) return *found;
  file.problem(node, std::string(what) + ": there is no " + std::string(kind) + " " +
                         in_backticks(*name) + suggest_among(*name, known.names()));
  return std::nullopt;
}

// The same for a pool; says of an endpoint that it is one.
[[nodiscard]] std::optional<steering::PoolId> resolve_pool(YamlFile& file, const YAML::Node& node,
                                                           std::string_view what,
                                                           const SteeringNames& names);

}  // namespace config
