#include "server/admin/dependents.h"

#include <algorithm>
#include <optional>

namespace admin {
namespace {

using steering::EndpointId;
using steering::PoolId;

// Which pools hold one of the endpoints, themselves or in a pool behind them.
std::vector<bool> mark_pools(const steering::Plan& plan, const std::vector<EndpointId>& endpoints) {
  std::vector<bool> wanted(plan.endpoints.size());
  for (const EndpointId id : endpoints) wanted[static_cast<std::size_t>(id)] = true;
  std::vector<bool> marked(plan.pools.size());
  for (std::size_t i = 0; i < marked.size(); ++i) {
    const auto& members = plan.pools[i].members;
    marked[i] = std::any_of(members.begin(), members.end(), [&](const steering::Member& member) {
      return wanted[static_cast<std::size_t>(member.endpoint)];
    });
  }
  // Chains have no loops: as many rounds as there are pools would do, mostly one does.
  for (bool grown = true; grown;) {
    grown = false;
    for (std::size_t i = 0; i < marked.size(); ++i) {
      const std::optional<PoolId> then = plan.pools[i].then;
      if (marked[i] || !then || !marked[static_cast<std::size_t>(*then)]) continue;
      marked[i] = grown = true;
    }
  }
  return marked;
}

bool rests_on(const steering::DynamicRecord& record, const std::vector<bool>& marked) {
  const auto is_marked = [&marked](PoolId id) { return marked[static_cast<std::size_t>(id)]; };
  const bool by_rule =
      std::any_of(record.rules.begin(), record.rules.end(),
                  [&](const steering::Rule& rule) { return is_marked(rule.pool); });
  return by_rule || (record.fallback.pool && is_marked(*record.fallback.pool)) ||
         (record.until_checked.pool && is_marked(*record.until_checked.pool));
}

}  // namespace

std::vector<std::string> names_resting_on(const zones::ZoneSet& zones, const steering::Plan& plan,
                                          const std::vector<EndpointId>& endpoints,
                                          std::size_t limit) {
  const std::vector<bool> marked = mark_pools(plan, endpoints);
  std::vector<std::string> names;
  for (const auto& zone : zones.all()) {
    for (std::uint32_t i = 0; i < zone->node_count() && names.size() < limit; ++i) {
      const auto record = zone->dynamic(zones::NodeId{i});
      if (!record || !rests_on(plan[*record], marked)) continue;
      std::string name = zone->name(zones::NodeId{i}).to_text();
      if (name.size() > 1) name.pop_back();
      names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace admin
