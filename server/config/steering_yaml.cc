#include "server/config/steering_yaml.h"

#include <charconv>
#include <cmath>

#include "geo/countries.h"

namespace config {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using steering::Endpoint;
using steering::EndpointId;
using steering::Pick;
using steering::Pool;
using steering::PoolId;

std::optional<double> parse_degrees(const std::string& text, double limit) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || !std::isfinite(value) || std::abs(value) > limit) return std::nullopt;
  return value;
}

// `at:` a country (JP), a subdivision (US-VA), or [latitude, longitude].
void read_place(YamlFile& file, const YAML::Node& node, const std::string& what,
                Endpoint& endpoint) {
  if (node.IsSequence()) {
    const auto degrees = [&](std::size_t i, double limit) {
      const YAML::Node value = node[i];
      return value.IsScalar() ? parse_degrees(value.Scalar(), limit) : std::nullopt;
    };
    const auto latitude = node.size() == 2 ? degrees(0, 90) : std::nullopt;
    const auto longitude = node.size() == 2 ? degrees(1, 180) : std::nullopt;
    if (!latitude || !longitude) {
      file.problem(node, what + " is not [latitude, longitude] in degrees, such as [50.11, 8.68]");
      return;
    }
    endpoint.at = geo::Coordinates{*latitude, *longitude};
    endpoint.place = node[0].Scalar() + ", " + node[1].Scalar();
    return;
  }
  const auto text = file.text(node, what);
  if (!text) return;
  endpoint.place = *text;
  if (const geo::Country* country = geo::find_country(*text)) {
    endpoint.at = country->centroid;
  } else if (const geo::Subdivision* subdivision = geo::find_subdivision(*text)) {
    endpoint.at = subdivision->centroid;
  } else {
    file.problem(node, what + " is " + in_backticks(*text) +
                           ", which is no country (`JP`) and no subdivision that fairlead knows "
                           "(`US-VA`); [latitude, longitude] always works");
  }
}

class EndpointReader {
 public:
  EndpointReader(YamlFile& file, const Entry& entry, const SteeringNames& names,
                 SteeringTable& table)
      : file_(file),
        what_("endpoint " + in_backticks(entry.key)),
        fields_(file, entry.value, what_, {"A", "AAAA", "at", "check", "probe"}),
        names_(names),
        table_(table) {
    endpoint_.zone = names.zone;
    endpoint_.name = entry.key;
  }

  Endpoint read() {
    if (const auto at = fields_.find("at")) {
      read_place(file_, *at, "`at` of " + what_, endpoint_);
    }
    const auto check = fields_.find("check");
    if (check) check_ = resolve(file_, *check, "check", "`check` of " + what_, names_.checks);
    if (const auto probe = fields_.find("probe")) {
      probe_ = file_.address(*probe, "`probe` of " + what_);
      if (!check) file_.problem(*probe, what_ + " has a `probe` address but no `check`");
    }
    read_face("A", Family::V4);
    read_face("AAAA", Family::V6);
    if (fields_.node().IsMap() && !fields_.find("A") && !fields_.find("AAAA")) {
      file_.problem(fields_.node(), what_ + " has neither `A` nor `AAAA`");
    }
    return std::move(endpoint_);
  }

 private:
  void read_face(const char* key, Family family) {
    const auto node = fields_.find(key);
    if (!node) return;
    const auto address = file_.address(*node, in_backticks(key) + " of " + what_, family);
    if (!address) return;
    steering::Face face{*address, std::nullopt};
    if (check_) face.target = table_.target({probe_.value_or(*address).to_text(), *check_});
    endpoint_.faces[static_cast<std::size_t>(family)] = face;
  }

  YamlFile& file_;
  std::string what_;
  Fields fields_;
  const SteeringNames& names_;
  SteeringTable& table_;
  Endpoint endpoint_;
  std::optional<health::CheckSpec> check_;
  std::optional<IpAddress> probe_;  // judges both families
};

class PoolReader {
 public:
  PoolReader(YamlFile& file, const Entry& entry, const SteeringNames& names,
             const steering::Plan& plan)
      : file_(file),
        what_("pool " + in_backticks(entry.key)),
        fields_(file, entry.value, what_, {"members", "pick", "max", "min_healthy", "then"}),
        names_(names),
        plan_(plan) {
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

}  // namespace

void read_endpoints(YamlFile& file, const YAML::Node& node, SteeringNames& names,
                    SteeringTable& table) {
  for (const Entry& entry : entries(file, node, "`endpoints`")) {
    require_plain_name(file, entry, "endpoint");
    names.endpoints.emplace(entry.key, EndpointId(table.plan.endpoints.size()));
    table.plan.endpoints.push_back(EndpointReader(file, entry, names, table).read());
  }
}

void read_pools(YamlFile& file, const YAML::Node& node, SteeringNames& names,
                SteeringTable& table) {
  const std::vector<Entry> written = entries(file, node, "`pools`");
  // All names first: `then` may point forward.
  std::size_t next = table.plan.pools.size();
  for (const Entry& entry : written) names.pools.emplace(entry.key, PoolId(next++));
  for (const Entry& entry : written) {
    require_plain_name(file, entry, "pool");
    table.plan.pools.push_back(PoolReader(file, entry, names, table.plan).read());
  }
  refuse_cycles(file, written, names, table.plan);
}

}  // namespace config
