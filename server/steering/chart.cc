#include "server/steering/chart.h"

#include <algorithm>

namespace steering {

Chart::Spot Chart::find(const dnswire::IpAddress& client) const noexcept {
  const auto hit = partition_->find(client);
  const Class& of = classes_[hit.number];
  const auto family = static_cast<std::size_t>(client.unwrapped().family());
  return {&of, hit.number, std::max(hit.depth, of.sticky_bits[family])};
}

std::span<const Ranked> Chart::order_of(const Class& of, PoolId pool) const noexcept {
  for (std::size_t i = 0; i < placed_.size(); ++i) {
    if (placed_[i] != pool || of.orders[i] == kNoOrder) continue;
    return orders_[of.orders[i]];
  }
  return {};
}

}  // namespace steering
