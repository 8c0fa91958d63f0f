#include "server/admin/pool_weights.h"

#include <algorithm>

namespace admin {

std::vector<PoolWeight> pool_weights(const steering::Plan& plan, steering::EndpointId endpoint) {
  std::vector<PoolWeight> weights;
  for (std::uint32_t i = 0; i < plan.pools.size(); ++i) {
    if (!heeds_weights(plan.pools[i].pick)) continue;
    for (const steering::Member& member : plan.pools[i].members) {
      if (member.endpoint() == nullptr || *member.endpoint() != endpoint) continue;
      weights.push_back({steering::PoolId{i}, member.weight});
    }
  }
  return weights;
}

std::string weights_text(const steering::Plan& plan, const std::vector<PoolWeight>& weights) {
  if (weights.empty()) return {};
  const bool alike = std::ranges::all_of(
      weights, [&](const PoolWeight& one) { return one.weight == weights.front().weight; });
  if (alike) return std::to_string(weights.front().weight);
  std::string text;
  for (const PoolWeight& one : weights) {
    if (!text.empty()) text += ", ";
    text += std::to_string(one.weight) + " in " + plan[one.pool].name;
  }
  return text;
}

}  // namespace admin
