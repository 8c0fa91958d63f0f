#include "server/config/steering_yaml.h"

#include <algorithm>

namespace config {
namespace {

using steering::EndpointId;
using steering::PoolId;

// Which of a file's endpoints or pools something leads to.
class Marks {
 public:
  Marks(std::size_t first, std::size_t count) : first_(first), marked_(count) {}

  template <class Id>
  void mark(Id id) {
    const auto index = static_cast<std::size_t>(id);
    if (index >= first_ && index - first_ < marked_.size()) marked_[index - first_] = true;
  }
  [[nodiscard]] bool is_marked(std::size_t i) const { return marked_[i]; }

 private:
  std::size_t first_;
  std::vector<bool> marked_;
};

void mark_of_pools(const SteeringNames& names, const steering::Plan& plan, Marks& endpoints,
                   Marks& pools) {
  for (std::size_t i = names.first_pool; i < plan.pools.size(); ++i) {
    for (const steering::Member& member : plan.pools[i].members) {
      if (member.endpoint() != nullptr) endpoints.mark(*member.endpoint());
      if (member.pool() != nullptr) pools.mark(*member.pool());
    }
    if (plan.pools[i].then) pools.mark(*plan.pools[i].then);
  }
}

void mark_of_records(const SteeringNames& names, const steering::Plan& plan, Marks& pools) {
  for (std::size_t i = names.first_record; i < plan.records.size(); ++i) {
    const steering::DynamicRecord& record = plan.records[i];
    for (const steering::Rule& rule : record.rules) pools.mark(rule.pool);
    if (record.fallback.pool) pools.mark(*record.fallback.pool);
    if (record.until_checked.pool) pools.mark(*record.until_checked.pool);
  }
}

void settle_pools(const SteeringNames& names, const steering::Plan& plan) {
  Marks endpoints(names.first_endpoint, names.endpoint_nodes.size());
  Marks pools(names.first_pool, names.pool_nodes.size());
  mark_of_pools(names, plan, endpoints, pools);
  mark_of_records(names, plan, pools);
  for (std::size_t i = 0; i < names.pool_nodes.size(); ++i) {
    if (pools.is_marked(i)) continue;
    const YAML::Node& node = names.pool_nodes[i];
    const std::string what = "pool " + in_backticks(node.Scalar()) + " is used by ";
    if (names.is_shared) {
      names.file.warning(node, what + "no zone");
    } else {
      names.file.problem(node, what +
                                   "nothing: name it in a `dynamic` record, or in `members` or "
                                   "`then` of another pool, or remove it");
    }
  }
  for (std::size_t i = 0; i < names.endpoint_nodes.size(); ++i) {
    if (endpoints.is_marked(i)) continue;
    const YAML::Node& node = names.endpoint_nodes[i];
    names.file.warning(node, "endpoint " + in_backticks(node.Scalar()) + " is in no pool" +
                                 (names.is_shared ? " of any zone" : "") +
                                 ": no answer has its address");
  }
}

std::string why_doubtful(const SteeringNames& names, const Check& check) {
  const auto found = names.uses.find(check.name);
  if (found == names.uses.end()) return " is used by no endpoint";
  const CheckUse& use = found->second;
  if (use.is_credulous) {
    return " neither verifies the certificate nor asks for an `identity`: a stranger on a "
           "recycled address would pass";
  }
  const bool one_token = check.spec.type == health::ProbeType::Heartbeat && !check.token_file;
  if (one_token && use.endpoints > 1) {
    return " has one token for " + std::to_string(use.endpoints) +
           " endpoints: each could speak for the others; write `{endpoint}` into its "
           "`token_file`";
  }
  return {};
}

// In the order written, which the table of names has lost.
std::vector<const Check*> checks_of(const SteeringNames& names) {
  std::vector<const Check*> checks;
  for (const auto& [name, check] : names.checks.own()) checks.push_back(check.get());
  std::ranges::sort(checks, {}, [](const Check* check) { return check->at.Mark().pos; });
  return checks;
}

void settle_checks(const SteeringNames& names) {
  for (const Check* check : checks_of(names)) {
    if (const std::string why = why_doubtful(names, *check); !why.empty()) {
      names.file.warning(check->at, "check " + in_backticks(check->name) + why);
    }
  }
}

// "zones/shared.yaml:3:5"
std::string place_of(const SteeringNames& names, const YAML::Node& node) {
  return names.file.path() + ":" + std::to_string(node.Mark().line + 1) + ":" +
         std::to_string(node.Mark().column + 1);
}

void refuse(const SteeringNames& names, const YAML::Node& at, std::string_view kind,
            const SteeringNames& taker, std::string_view taken_kind, const YAML::Node& taken_at) {
  const std::string what =
      std::string(kind) + " " + in_backticks(at.Scalar()) + " has the name of the ";
  const std::string why = taker.is_shared
                              ? "; names of shared.yaml hold in every zone: rename or remove one"
                              : "; `members` name endpoints and pools alike: rename one";
  names.file.problem(at, what + std::string(taken_kind) + " at " + place_of(taker, taken_at) + why);
}

void refuse_shared_checks(const SteeringNames& names) {
  for (const Check* check : checks_of(names)) {
    const auto* taken = names.shared->checks.find(check->name);
    if (taken != nullptr) refuse(names, check->at, "check", *names.shared, "check", (*taken)->at);
  }
}

}  // namespace

SteeringNames::SteeringNames(YamlFile& yaml, const SteeringTable& table, SteeringNames* behind)
    : file(yaml),
      shared(behind),
      checks(behind == nullptr ? nullptr : &behind->checks),
      endpoints(behind == nullptr ? nullptr : &behind->endpoints),
      pools(behind == nullptr ? nullptr : &behind->pools),
      first_endpoint(table.plan.endpoints.size()),
      first_pool(table.plan.pools.size()),
      first_record(table.plan.records.size()) {}

SteeringNames& SteeringNames::owner_of(const Check& check) {
  return shared == nullptr || checks.is_own(check.name) ? *this : *shared;
}

void refuse_taken_name(const SteeringNames& names, const Entry& entry, std::string_view kind) {
  const auto look_at = [&](const SteeringNames& taker, std::string_view taken_kind) {
    const bool endpoints = taken_kind == "endpoint";
    const auto& nodes = endpoints ? taker.endpoint_nodes : taker.pool_nodes;
    if (endpoints ? !taker.endpoints.is_own(entry.key) : !taker.pools.is_own(entry.key)) return;
    const auto node =
        std::ranges::find(nodes, entry.key, [](const YAML::Node& each) { return each.Scalar(); });
    refuse(names, entry.key_node, kind, taker, taken_kind, *node);
  };
  if (kind == "pool") look_at(names, "endpoint");
  if (names.shared == nullptr) return;
  look_at(*names.shared, "endpoint");
  look_at(*names.shared, "pool");
}

void read_steering(const Fields& fields, bool may_exec, SteeringNames& names,
                   SteeringTable& table) {
  if (const auto node = fields.find("checks")) {
    for (auto& [name, check] : read_checks(fields.file(), *node, may_exec)) {
      names.checks.add(name, check);
    }
    if (names.shared != nullptr) refuse_shared_checks(names);
  }
  if (const auto node = fields.find("endpoints")) {
    read_endpoints(fields.file(), *node, names, table);
  }
  if (const auto node = fields.find("pools")) read_pools(fields.file(), *node, names, table);
}

std::optional<PoolId> resolve_pool(YamlFile& file, const YAML::Node& node, std::string_view what,
                                   const SteeringNames& names) {
  const bool is_endpoint = node.IsScalar() && names.endpoints.contains(node.Scalar()) &&
                           !names.pools.contains(node.Scalar());
  if (!is_endpoint) return resolve(file, node, "pool", what, names.pools);
  file.problem(node, std::string(what) + ": " + in_backticks(node.Scalar()) +
                         " is an endpoint; make a pool of it");
  return std::nullopt;
}

void settle_steering(const SteeringNames& names, const SteeringTable& table) {
  settle_checks(names);
  settle_pools(names, table.plan);
}

}  // namespace config
