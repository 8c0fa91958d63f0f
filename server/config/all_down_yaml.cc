#include "server/config/all_down_yaml.h"

#include <algorithm>
#include <tuple>

namespace config {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using steering::AllDown;
using steering::Fixed;
using steering::PoolId;

void read_addresses(YamlFile& file, const YAML::Node& node, const std::string& what,
                    const SteeringNames& names, Fixed& fixed) {
  for (const YAML::Node& entry : file.list(node, what)) {
    if (entry.IsScalar() && names.pools.contains(entry.Scalar()) &&
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

bool has_address(const Fixed& fixed, Family family, const steering::Plan& plan) {
  if (!fixed.pool) {
    return std::ranges::any_of(
        fixed.addresses, [&](const IpAddress& address) { return address.family() == family; });
  }
  return std::ranges::any_of(plan[*fixed.pool].members, [&](const steering::Member& member) {
    return plan[member.endpoint].face(family).has_value();
  });
}

bool has_unchecked(const steering::Pool& pool, Family family, const SteeringTable& table) {
  return std::ranges::any_of(pool.members, [&](const steering::Member& member) {
    const auto& face = table.plan[member.endpoint].face(family);
    return face && table.roster.subjects[static_cast<std::size_t>(face->subject)].checks.empty();
  });
}

// Whether the pool has addresses of the family, and everybody of it and behind it is judged by a
// check.
bool may_be_all_down(PoolId first, Family family, const SteeringTable& table) {
  const auto& members = table.plan[first].members;
  if (std::ranges::none_of(members, [&](const steering::Member& member) {
        return table.plan[member.endpoint].face(family).has_value();
      })) {
    return false;
  }
  std::optional<PoolId> pool = first;
  for (std::size_t steps = 0; pool && steps < table.plan.pools.size(); ++steps) {
    if (has_unchecked(table.plan[*pool], family, table)) return false;
    pool = table.plan[*pool].then;
  }
  return true;
}

// What can only have been meant as an address, or as a network. A pool may be called `1.2`, not
// `2001:db8::1`.
bool looks_like_address(std::string_view text) {
  constexpr std::string_view kDigitsAndDots = "0123456789./";
  return !text.empty() && (text.find(':') != std::string_view::npos ||
                           text.find_first_not_of(kDigitsAndDots) == std::string_view::npos);
}

}  // namespace

Fixed read_fixed(YamlFile& file, const YAML::Node& node, std::string_view what,
                 const SteeringNames& names) {
  Fixed fixed;
  if (!node.IsScalar()) {
    if (node.IsSequence()) {
      read_addresses(file, node, std::string(what), names, fixed);
    } else {
      file.problem(node, std::string(what) + " is a pool, an address or a list of addresses");
    }
    return fixed;
  }
  if (const auto address = IpAddress::from_text(node.Scalar())) {
    fixed.addresses.push_back(*address);
  } else if (looks_like_address(node.Scalar()) && !names.pools.contains(node.Scalar())) {
    std::ignore = file.address(node, what);  // which says that it is none
  } else {
    fixed.pool = resolve(file, node, "pool", what, names.pools);
  }
  return fixed;
}

void read_all_down(YamlFile& file, const YAML::Node& node, const SteeringNames& names,
                   steering::DynamicRecord& record) {
  if (node.IsMap()) {
    const Fields fields(file, node, "`all_down`", {"fallback"});
    record.all_down = AllDown::Fallback;
    if (const auto fallback = fields.require("fallback")) {
      record.fallback = read_fixed(file, *fallback, fields.named("fallback"), names);
    }
    return;
  }
  if (node.IsScalar() && node.Scalar() == "fallback") {
    file.problem(node,
                 "`all_down`: a fallback is written `{fallback: POOL}` or "
                 "`{fallback: [ADDRESS, ...]}`");
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

void warn_of_missing_families(YamlFile& file, const YAML::Node& all_down,
                              const SteeringTable& table, const steering::DynamicRecord& record) {
  if (record.all_down != AllDown::Fallback || record.fallback.empty()) return;
  for (const Family family : {Family::V4, Family::V6}) {
    if (has_address(record.fallback, family, table.plan)) continue;
    for (const steering::Rule& rule : record.rules) {
      if (!may_be_all_down(rule.pool, family, table)) continue;
      file.warning(all_down, std::string("`fallback` has no ") +
                                 (family == Family::V4 ? "IPv4" : "IPv6") + " address, and pool " +
                                 in_backticks(table.plan[rule.pool].name) +
                                 " has: while nobody of it "
                                 "is healthy there is no answer for " +
                                 (family == Family::V4 ? "A" : "AAAA"));
      break;
    }
  }
}

}  // namespace config
