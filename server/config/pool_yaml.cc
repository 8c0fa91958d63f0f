#include <algorithm>

#include "server/config/steering_yaml.h"

namespace config {
namespace {

using dnswire::Family;
using steering::Endpoint;
using steering::Pick;
using steering::Pool;
using steering::PoolId;

class PoolReader {
 public:
  PoolReader(YamlFile& file, const Entry& entry, const SteeringNames& names,
             const steering::Plan& plan)
      : file_(file),
        what_("pool " + in_backticks(entry.key)),
        fields_(file, entry.value, what_, {"members", "pick", "max", "min_healthy", "then"}),
        names_(names),
        plan_(plan) {
    pool_.zone = names.zone;
    pool_.name = entry.key;
  }

  Pool read() {
    if (const auto pick = fields_.find("pick")) {
      pool_.pick = choose<Pick>(file_, *pick, "`pick` of " + what_,
                                {{"all", Pick::All},
                                 {"failover", Pick::Failover},
                                 {"weighted", Pick::Weighted},
                                 {"nearest", Pick::Nearest}})
                       .value_or(Pick::All);
    }
    if (const auto members = fields_.require("members")) {
      for (const YAML::Node& member : file_.list(*members, "`members` of " + what_)) {
        read_member(member);
      }
    }
    pool_.max = static_cast<std::uint16_t>(fields_.number("max", 1, 100).value_or(0));
    read_min_healthy();
    if (const auto then = fields_.find("then")) {
      pool_.then = resolve(file_, *then, "pool", "`then` of " + what_, names_.pools);
    }
    return std::move(pool_);
  }

 private:
  // `tokyo`, or `{tokyo: 3}` with its weight.
  void read_member(const YAML::Node& node) {
    if (!node.IsMap()) return add_member(node, 1);
    const auto pairs = entries(file_, node, "a member of " + what_);
    if (pairs.size() != 1) {
      file_.problem(node, "a member of " + what_ + " with a weight is written `{name: weight}`");
      return;
    }
    if (pool_.pick != Pick::Weighted) {
      file_.problem(node, what_ + " gives a weight, but only `pick: weighted` looks at weights");
    }
    const auto weight = file_.number(pairs[0].value, "the weight of a member", 0, 1'000'000);
    add_member(pairs[0].key_node, weight.value_or(1));
  }

  void add_member(const YAML::Node& node, std::uint32_t weight) {
    const std::string what = "`members` of " + what_;
    const bool is_pool = node.IsScalar() && names_.pools.contains(node.Scalar()) &&
                         !names_.endpoints.contains(node.Scalar());
    if (is_pool) {
      file_.problem(node, what + ": " + in_backticks(node.Scalar()) +
                              " is a pool; name its endpoints, or let `then` lead to it");
      return;
    }
    const auto endpoint = resolve(file_, node, "endpoint", what, names_.endpoints);
    if (!endpoint) return;
    for (const steering::Member& other : pool_.members) {
      if (other.endpoint == *endpoint) {
        file_.problem(node, what + ": " + in_backticks(node.Scalar()) + " stands twice");
        return;
      }
      if (share_an_address(plan_[other.endpoint], plan_[*endpoint])) {
        file_.problem(node, what + ": " + in_backticks(node.Scalar()) + " has the address of " +
                                in_backticks(plan_[other.endpoint].name) +
                                "; an answer names an address once (RFC 2181 5)");
        return;
      }
    }
    pool_.members.push_back({*endpoint, weight});
  }

  static bool share_an_address(const Endpoint& a, const Endpoint& b) {
    for (const Family family : {Family::V4, Family::V6}) {
      const auto& first = a.face(family);
      const auto& second = b.face(family);
      if (first && second && first->address == second->address) return true;
    }
    return false;
  }

  void read_min_healthy() {
    pool_.min_healthy =
        static_cast<std::uint16_t>(fields_.number("min_healthy", 1, 1000).value_or(1));
    const auto node = fields_.find("min_healthy");
    if (!node || pool_.min_healthy <= pool_.members.size()) return;
    file_.problem(*node, "`min_healthy` of " + what_ + " is more than it has members");
  }

  YamlFile& file_;
  std::string what_;
  Fields fields_;
  const SteeringNames& names_;
  const steering::Plan& plan_;
  Pool pool_;
};

// `then` must come to an end.
void refuse_cycles(YamlFile& file, const std::vector<Entry>& written, const SteeringNames& names,
                   const steering::Plan& plan) {
  for (const Entry& entry : written) {
    const PoolId start = names.pools.at(entry.key);
    std::string way = entry.key;
    std::optional<PoolId> next = plan[start].then;
    for (std::size_t steps = 0; next && steps < written.size(); ++steps) {
      way += " → " + plan[*next].name;
      if (*next == start) {
        file.problem(entry.key_node, "`then` leads in a circle: " + way);
        break;
      }
      next = plan[*next].then;
    }
  }
}

// Whether anybody of the family is judged by a check of the origin, and by whom that is told.
std::optional<health::GroupId> make_group(const Pool& pool, Family family, SteeringTable& table) {
  health::Group group;
  bool any = false;
  for (const steering::Member& member : pool.members) {
    const auto& face = table.plan[member.endpoint].face(family);
    if (!face) continue;
    const auto& subject = table.roster.subjects[static_cast<std::size_t>(face->subject)];
    any = any || std::ranges::any_of(subject.checks, [](const health::Subject::Part& part) {
            return part.level == health::Level::Origin;
          });
    if (std::ranges::find(group.members, face->subject) == group.members.end()) {
      group.members.push_back(face->subject);
    }
  }
  if (!any) return std::nullopt;
  return table.group(std::move(group));
}

}  // namespace

void read_pools(YamlFile& file, const YAML::Node& node, SteeringNames& names,
                SteeringTable& table) {
  const std::vector<Entry> written = entries(file, node, "`pools`");
  require_distinct_names(file, written, "pool");
  // All names first: `then` may point forward.
  std::size_t next = table.plan.pools.size();
  for (const Entry& entry : written) names.pools.emplace(entry.key, PoolId(next++));
  for (const Entry& entry : written) {
    require_plain_name(file, entry, "pool");
    Pool pool = PoolReader(file, entry, names, table.plan).read();
    for (const Family family : {Family::V4, Family::V6}) {
      pool.groups[static_cast<std::size_t>(family)] = make_group(pool, family, table);
    }
    table.plan.pools.push_back(std::move(pool));
  }
  refuse_cycles(file, written, names, table.plan);
}

}  // namespace config
