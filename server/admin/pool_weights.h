#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/steering/plan.h"

namespace admin {

// Whether weights, and so an operator's, mean something to the pick.
[[nodiscard]] constexpr bool heeds_weights(steering::Pick pick) noexcept {
  return pick == steering::Pick::Weighted || pick == steering::Pick::Sticky;
}

// What a pool that heeds weights gives an endpoint that is a member, as configured.
struct PoolWeight {
  steering::PoolId pool{};
  std::uint32_t weight = 0;
};
[[nodiscard]] std::vector<PoolWeight> pool_weights(const steering::Plan& plan,
                                                   steering::EndpointId endpoint);

// "100"; where pools differ, "100 in web, 50 in canary"; "" for none.
[[nodiscard]] std::string weights_text(const steering::Plan& plan,
                                       const std::vector<PoolWeight>& weights);

}  // namespace admin
