#include "server/config/all_down_yaml.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace config {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using steering::AllDown;
using steering::EndpointId;
using steering::Fixed;
using steering::PoolId;
using steering::Target;

void read_addresses(const DynamicContext& context, const YAML::Node& node, const std::string& what,
                    Fixed& fixed) {
  YamlFile& file = context.file;
  for (const YAML::Node& entry : file.list(node, what)) {
    if (entry.IsScalar() && context.names.pools.contains(entry.Scalar()) &&
        !IpAddress::from_text(entry.Scalar())) {
      file.problem(entry, what + ": " + in_backticks(entry.Scalar()) +
                              " is a pool; a list is one of addresses, a pool stands alone");
      continue;
    }
    const auto address = file.address(entry, what);
    if (!address) continue;
    if (std::ranges::find(fixed.addresses, *address) != fixed.addresses.end()) {
      file.problem(entry, what + ": " + address->to_text() + " stands twice");
      continue;
    }
    fixed.addresses.push_back(*address);
  }
  if (fixed.addresses.size() > steering::kMaxAddresses) {
    file.problem(node, what + " has " + std::to_string(fixed.addresses.size()) +
                           " addresses, more than " + std::to_string(steering::kMaxAddresses));
  }
}

// The endpoints below a pool; `and_behind`: with those that it and pools below it spill to.
std::set<EndpointId> endpoints_of(const steering::Plan& plan, PoolId first, bool and_behind) {
  std::set<EndpointId> endpoints;
  std::set<PoolId> seen{first};  // what leads in a circle is reported elsewhere
  std::vector<PoolId> open{first};
  while (!open.empty()) {
    const steering::Pool& pool = plan[open.back()];
    open.pop_back();
    const auto visit = [&](PoolId next) {
      if (seen.insert(next).second) open.push_back(next);
    };
    for (const steering::Member& member : pool.members) {
      if (const EndpointId* endpoint = member.endpoint()) endpoints.insert(*endpoint);
      if (const PoolId* below = member.pool()) visit(*below);
    }
    if (and_behind && pool.then) visit(*pool.then);
  }
  return endpoints;
}

bool has_address(PoolId pool, Family family, const steering::Plan& plan) {
  return std::ranges::any_of(endpoints_of(plan, pool, false),
                             [&](EndpointId endpoint) { return plan[endpoint].has(family); });
}

bool has_address(const Fixed& fixed, Family family, const steering::Plan& plan) {
  if (fixed.target) return true;  // for all we know
  if (fixed.pool) return has_address(*fixed.pool, family, plan);
  return std::ranges::any_of(fixed.addresses,
                             [&](const IpAddress& address) { return address.family() == family; });
}

// Whether some address of the family is judged by no check.
bool has_unchecked(const steering::Endpoint& endpoint, Family family,
                   const health::Roster& roster) {
  return std::ranges::any_of(endpoint.faces_of(family), [&](const steering::Face& face) {
    return roster.subjects[static_cast<std::size_t>(face.subject)].checks.empty();
  });
}

// Whether the pool has addresses of the family, and everybody of it and behind it is judged by a
// check.
bool may_be_all_down(PoolId pool, Family family, const SteeringTable& table) {
  return has_address(pool, family, table.plan) &&
         std::ranges::none_of(endpoints_of(table.plan, pool, true), [&](EndpointId endpoint) {
           return has_unchecked(table.plan[endpoint], family, table.roster);
         });
}

// What can only have been meant as an address, or as a network. A pool may be called `1.2`, not
// `2001:db8::1`.
bool looks_like_address(std::string_view text) {
  constexpr std::string_view kDigitsAndDots = "0123456789./";
  return !text.empty() && (text.find(':') != std::string_view::npos ||
                           text.find_first_not_of(kDigitsAndDots) == std::string_view::npos);
}

// `{alias: NAME}` or `{cname: NAME}`.
std::optional<Target> read_target(const DynamicContext& context, const YAML::Node& node,
                                  const std::string& what) {
  YamlFile& file = context.file;
  const Fields fields(file, node, what, {"alias", "cname"});
  const auto alias = fields.find("alias");
  const auto cname = fields.find("cname");
  if (alias && cname) {
    file.problem(node, what + " has both `alias` and `cname`; keep one");
    return std::nullopt;
  }
  if (!alias && !cname) {
    if (node.size() == 0) file.problem(node, what + " needs `alias: NAME` or `cname: NAME`");
    return std::nullopt;
  }
  if (alias) {
    return context.targets.read(file, *alias, fields.named("alias"), context.owner,
                                Target::As::Addresses);
  }
  if (context.owner.name == context.owner.origin) {
    file.problem(*cname, fields.named("cname") +
                             ": a CNAME cannot stand at the name of the zone (RFC 1912 2.4); write "
                             "`alias` in its place");
    return std::nullopt;
  }
  if (context.owner.has_others) {
    file.problem(*cname, fields.named("cname") +
                             ": a CNAME cannot stand beside other records of its name (RFC 1034 "
                             "3.6.2); write `alias` in its place");
    return std::nullopt;
  }
  return context.targets.read(file, *cname, fields.named("cname"), context.owner,
                              Target::As::Cname);
}

}  // namespace

Fixed read_fixed(const DynamicContext& context, const YAML::Node& node, std::string_view what) {
  Fixed fixed;
  YamlFile& file = context.file;
  const auto& pools = context.names.pools;
  if (node.IsMap()) {
    fixed.target = read_target(context, node, std::string(what));
  } else if (node.IsSequence()) {
    read_addresses(context, node, std::string(what), fixed);
  } else if (!node.IsScalar()) {
    file.problem(node, std::string(what) +
                           " is a pool, an address, a list of addresses, `{alias: NAME}` or "
                           "`{cname: NAME}`");
  } else if (const auto address = IpAddress::from_text(node.Scalar())) {
    fixed.addresses.push_back(*address);
  } else if (looks_like_address(node.Scalar()) && !pools.contains(node.Scalar())) {
    std::ignore = file.address(node, what);  // which says that it is none
  } else {
    fixed.pool = resolve_pool(file, node, what, context.names);
  }
  return fixed;
}

void read_all_down(const DynamicContext& context, const YAML::Node& node,
                   steering::DynamicRecord& record) {
  YamlFile& file = context.file;
  if (node.IsMap()) {
    const Fields fields(file, node, "`all_down`", {"fallback"});
    record.all_down = AllDown::Fallback;
    if (const auto fallback = fields.require("fallback")) {
      record.fallback = read_fixed(context, *fallback, fields.named("fallback"));
    }
    return;
  }
  if (node.IsScalar() && node.Scalar() == "fallback") {
    file.problem(node,
                 "`all_down`: a fallback is written `{fallback: POOL}`, `{fallback: [ADDRESS, "
                 "...]}` or `{fallback: {alias: NAME}}`");
    return;
  }
  record.all_down = choose<AllDown>(file, node, "`all_down`",
                                    {{"all", AllDown::All},
                                     {"last_healthy", AllDown::LastHealthy},
                                     {"nodata", AllDown::NoData},
                                     {"servfail", AllDown::ServFail}},
                                    "{fallback: POOL}")
                        .value_or(AllDown::All);
}

void warn_of_missing_families(const DynamicContext& context, const YAML::Node& all_down,
                              const steering::DynamicRecord& record) {
  if (record.all_down != AllDown::Fallback || record.fallback.empty()) return;
  const steering::Plan& plan = context.table.plan;
  for (const Family family : {Family::V4, Family::V6}) {
    if (has_address(record.fallback, family, plan)) continue;
    for (const steering::Rule& rule : record.rules) {
      if (!may_be_all_down(rule.pool, family, context.table)) continue;
      context.file.warning(
          all_down, std::string("`fallback` has no ") + (family == Family::V4 ? "IPv4" : "IPv6") +
                        " address, and pool " + in_backticks(plan[rule.pool].name) +
                        " has: while nobody of it is healthy there is no answer "
                        "for " +
                        (family == Family::V4 ? "A" : "AAAA"));
      break;
    }
  }
}

void warn_of_uneven_families(const DynamicContext& context, const YAML::Node& rules,
                             const steering::DynamicRecord& record) {
  const steering::Plan& plan = context.table.plan;
  for (const Family family : {Family::V4, Family::V6}) {
    const auto has = [&](const steering::Rule& rule) {
      return has_address(rule.pool, family, plan);
    };
    const auto with = std::ranges::find_if(record.rules, has);
    const auto without = std::ranges::find_if_not(record.rules, has);
    if (with == record.rules.end() || without == record.rules.end()) continue;
    const std::string type = family == Family::V4 ? "A" : "AAAA";
    context.file.warning(
        rules, "pool " + in_backticks(plan[without->pool].name) + " has no " + type +
                   ", and pool " + in_backticks(plan[with->pool].name) +
                   " of another rule has: resolvers keep it for all clients that a name has no " +
                   type + " (RFC 7871 7.4)");
  }
}

}  // namespace config
