#include "server/admin/dependents.h"

#include <algorithm>
#include <optional>

#include "server/admin/pool_weights.h"

namespace admin {
namespace {

using steering::EndpointId;
using steering::PoolId;

// Which pools hold one of the endpoints, themselves, in a pool that is a member, or in one behind
// them.
std::vector<bool> mark_pools(const steering::Plan& plan, const std::vector<EndpointId>& endpoints,
                             health::OverrideKind kind) {
  std::vector<bool> wanted(plan.endpoints.size());
  for (const EndpointId id : endpoints) wanted[static_cast<std::size_t>(id)] = true;
  std::vector<bool> marked(plan.pools.size());
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (kind == health::OverrideKind::Weight && !heeds_weights(plan.pools[i].pick)) continue;
    const auto& members = plan.pools[i].members;
    marked[i] = std::any_of(members.begin(), members.end(), [&](const steering::Member& member) {
      return member.endpoint() != nullptr && wanted[static_cast<std::size_t>(*member.endpoint())];
    });
  }
  // Pools form no circles: as many rounds as there are pools would do, mostly one does.
  const auto is_marked = [&](PoolId id) { return marked[static_cast<std::size_t>(id)]; };
  for (bool grown = true; grown;) {
    grown = false;
    for (std::size_t i = 0; i < marked.size(); ++i) {
      const steering::Pool& pool = plan.pools[i];
      const bool leads_there =
          (pool.then && is_marked(*pool.then)) ||
          std::any_of(pool.members.begin(), pool.members.end(), [&](const auto& member) {
            return member.pool() != nullptr && is_marked(*member.pool());
          });
      if (marked[i] || !leads_there) continue;
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
                                          health::OverrideKind kind, std::size_t limit) {
  const std::vector<bool> marked = mark_pools(plan, endpoints, kind);
  std::vector<std::string> names;
  for (const auto& zone : zones.all()) {
    for (const zones::NodeId node : zone->nodes()) {
      if (names.size() == limit) return names;
      const auto record = zone->dynamic(node);
      if (!record || !rests_on(plan[*record], marked)) continue;
      std::string name = zone->name(node).to_text();
      if (name.size() > 1) name.pop_back();
      names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace admin
