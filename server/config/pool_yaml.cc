#include <algorithm>

#include "server/config/pool_graph.h"
#include "server/config/pool_order_yaml.h"
#include "server/config/steering_yaml.h"

namespace config {
namespace {

using dnswire::Family;
using steering::Endpoint;
using steering::EndpointId;
using steering::Pick;
using steering::Pool;
using steering::PoolId;

class PoolReader {
 public:
  PoolReader(YamlFile& file, const Entry& entry, const SteeringNames& names,
             const steering::Plan& plan)
      : file_(file),
        what_("pool " + in_backticks(entry.key)),
        fields_(file, entry.value, what_,
                {"members", "pick", "max", "min_healthy", "then", "sticky", "order"}),
        names_(names),
        plan_(plan) {
    pool_.zone = names.zone;
    pool_.name = entry.key;
  }

  Pool read() {
    read_pick();
    if (const auto members = fields_.require("members")) {
      for (const YAML::Node& member : file_.list(*members, fields_.named("members"))) {
        read_member(member);
      }
    }
    pool_.max =
        static_cast<std::uint16_t>(fields_.number("max", 1, steering::kMaxAddresses).value_or(0));
    read_min_healthy();
    if (const auto then = fields_.find("then")) read_then(*then);
    if (const auto sticky = fields_.find("sticky")) read_sticky(*sticky);
    if (const auto order = fields_.find("order")) {
      require_pick("order", Pick::Nearest);
      read_order(file_, *order, fields_.named("order"), member_names_, pool_);
    }
    return std::move(pool_);
  }

 private:
  void read_pick() {
    const auto node = fields_.find("pick");
    if (!node) return;
    const auto pick = choose<Pick>(file_, *node, fields_.named("pick"),
                                   {{"all", Pick::All},
                                    {"failover", Pick::Failover},
                                    {"weighted", Pick::Weighted},
                                    {"nearest", Pick::Nearest},
                                    {"sticky", Pick::Sticky}});
    if (pick) {
      pool_.pick = *pick;
    } else {
      has_wrong_pick_ = true;
    }
  }

  // What only one pick looks at.
  void require_pick(std::string_view key, Pick pick) {
    if (pool_.pick == pick || has_wrong_pick_) return;
    fields_.problem(key, " has " + in_backticks(key) +
                             ", which only `pick: " + std::string(to_text(pick)) + "` looks at");
  }

  // `tokyo`, or `{tokyo: 3}` with its weight.
  void read_member(const YAML::Node& node) {
    if (!node.IsMap()) return add_member(node, 1);
    const auto pairs = entries(file_, node, "a member of " + what_);
    if (pairs.size() != 1) {
      file_.problem(node, "a member of " + what_ + " with a weight is written `{name: weight}`");
      return;
    }
    if (pool_.pick != Pick::Weighted && pool_.pick != Pick::Sticky && !has_wrong_pick_) {
      file_.problem(node, what_ +
                              " gives a weight, but only `pick: weighted` and `pick: sticky` look "
                              "at weights");
    }
    const auto weight = file_.number(pairs[0].value, "the weight of a member", 0, 1'000'000);
    add_member(pairs[0].key_node, weight.value_or(1));
  }

  void add_member(const YAML::Node& node, std::uint32_t weight) {
    const auto name = file_.text(node, fields_.named("members"));
    if (!name) return;
    const std::string what = fields_.named("members") + ": ";
    if (std::ranges::find(member_names_, *name) != member_names_.end()) {
      file_.problem(node, what + in_backticks(*name) + " stands twice");
      return;
    }
    member_names_.push_back(*name);
    steering::Member member{{}, weight, steering::sticky_key(*name)};
    if (const EndpointId* endpoint = names_.endpoints.find(*name)) {
      refuse_same_address(node, *endpoint);
      member.who = *endpoint;
    } else if (const PoolId* pool = names_.pools.find(*name)) {
      member.who = *pool;
    } else {
      auto known = names_.endpoints.names();
      for (const std::string_view each : names_.pools.names()) known.push_back(each);
      file_.problem(node, what + "there is no endpoint and no pool " + in_backticks(*name) +
                              suggest_among(*name, known));
      return;
    }
    pool_.members.push_back(member);
  }

  void refuse_same_address(const YAML::Node& node, EndpointId endpoint) {
    for (const steering::Member& other : pool_.members) {
      const EndpointId* id = other.endpoint();
      if (id == nullptr || !share_an_address(plan_[*id], plan_[endpoint])) continue;
      file_.problem(node, fields_.named("members") + ": " + in_backticks(node.Scalar()) +
                              " has the address of " + in_backticks(plan_[*id].name) +
                              "; an answer names an address once (RFC 2181 5)");
      return;
    }
  }

  static bool share_an_address(const Endpoint& a, const Endpoint& b) {
    const auto is_of_b = [&](const steering::Face& face) {
      const auto faces = b.faces_of(face.address.family());
      return std::ranges::find(faces, face.address, &steering::Face::address) != faces.end();
    };
    return std::ranges::any_of(a.faces, [&](const std::vector<steering::Face>& faces) {
      return std::ranges::any_of(faces, is_of_b);
    });
  }

  void read_min_healthy() {
    pool_.min_healthy =
        static_cast<std::uint16_t>(fields_.number("min_healthy", 1, 1000).value_or(1));
    const auto node = fields_.find("min_healthy");
    if (!node || pool_.min_healthy <= member_names_.size() || member_names_.empty()) return;
    file_.problem(*node, fields_.named("min_healthy") + " is " + std::to_string(pool_.min_healthy) +
                             ", more than its " + std::to_string(member_names_.size()) +
                             " members");
  }

  void read_then(const YAML::Node& node) {
    pool_.then = resolve_pool(file_, node, fields_.named("then"), names_);
  }

  void read_sticky(const YAML::Node& node) {
    require_pick("sticky", Pick::Sticky);
    const Fields fields(file_, node, fields_.named("sticky"), {"ipv4", "ipv6"});
    const auto bits = [&](std::string_view key, std::uint32_t least, Family family) {
      std::uint8_t& value = pool_.sticky_bits[static_cast<std::size_t>(family)];
      value = static_cast<std::uint8_t>(fields.number(key, least, value).value_or(value));
    };
    bits("ipv4", 8, Family::V4);
    bits("ipv6", 16, Family::V6);
  }

  YamlFile& file_;
  std::string what_;
  Fields fields_;
  const SteeringNames& names_;
  const steering::Plan& plan_;
  Pool pool_;
  std::vector<std::string> member_names_;  // as written; if all are sound, as Pool::members
  bool has_wrong_pick_ = false;            // which has been reported
};

// Whether anybody of the family is judged by a check of the origin, and by whom that is told.
std::optional<health::GroupId> make_group(const std::vector<EndpointId>& endpoints, Family family,
                                          SteeringTable& table) {
  health::Group group;
  bool any = false;
  for (const EndpointId id : endpoints) {
    std::optional<health::SubjectId> last;  // one address may be probed for all
    for (const steering::Face& face : table.plan[id].faces_of(family)) {
      if (last == face.subject) continue;
      last = face.subject;
      const auto& subject = table.roster.subjects[static_cast<std::size_t>(face.subject)];
      any = any || std::ranges::any_of(subject.checks, [](const health::Subject::Part& part) {
              return part.level == health::Level::Origin;
            });
      group.members.push_back(face.subject);
    }
  }
  if (!any) return std::nullopt;
  return table.group(std::move(group));
}

// `nearest` needs to know where its endpoints are, unless it is told an order.
void check_places(const SteeringNames& names, const YAML::Node& node, const Pool& pool,
                  const std::vector<EndpointId>& endpoints, const steering::Plan& plan) {
  if (pool.pick != Pick::Nearest || !pool.order.empty() || endpoints.empty()) return;
  constexpr std::size_t kMostNames = 5;
  std::size_t without = 0;
  std::string text;
  for (const EndpointId id : endpoints) {
    if (!plan[id].place.empty() || ++without > kMostNames) continue;
    text += (without > 1 ? ", " : "") + in_backticks(plan[id].name);
  }
  if (without == 0) return;
  if (without > kMostNames) text += " and " + std::to_string(without - kMostNames) + " more";
  const std::string what = "pool " + in_backticks(pool.name) + " has `pick: nearest`, and ";
  if (without == endpoints.size()) {
    names.file.problem(node, what +
                                 "none of its endpoints has an `at`: nothing can be measured; "
                                 "write `at`, or an `order` for the pool");
  } else {
    names.file.warning(
        node, what + "there is no `at` for " + text + ": used only when nobody else is left");
  }
}

}  // namespace

void read_pools(YamlFile& file, const YAML::Node& node, SteeringNames& names,
                SteeringTable& table) {
  const std::vector<Entry> written = entries(file, node, "`pools`");
  require_distinct_names(file, written, "pool");
  // All names first: members and `then` may point forward.
  for (const Entry& entry : written) {
    require_plain_name(file, entry, "pool");
    refuse_taken_name(names, entry, "pool");
    names.pools.add(entry.key, PoolId(names.first_pool + names.pool_nodes.size()));
    names.pool_nodes.push_back(entry.key_node);
  }
  for (const Entry& entry : written) {
    table.plan.pools.push_back(PoolReader(file, entry, names, table.plan).read());
  }
  const auto sorted = sort_pools(names, table.plan);
  if (!sorted || !measure_pools(names, *sorted, table)) return;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto id = PoolId(names.first_pool + i);
    const std::vector<EndpointId> endpoints = leaves_of(table.plan, id);
    check_places(names, written[i].key_node, table.plan[id], endpoints, table.plan);
    for (const Family family : {Family::V4, Family::V6}) {
      table.plan.pools[names.first_pool + i].groups[static_cast<std::size_t>(family)] =
          make_group(endpoints, family, table);
    }
  }
}

}  // namespace config
