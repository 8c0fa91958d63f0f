#pragma once

#include <cstddef>
#include <span>

#include "dnswire/address.h"
#include "health/board.h"
#include "server/steering/chart.h"
#include "server/steering/plan.h"

namespace steering {

// What picking from a pool needs to know of the moment and of the client.
struct Situation {
  const Plan& plan;
  const health::Board& board;
  dnswire::Family family;  // of the answer's addresses
  const Chart& chart;
  const Chart::Class& of;            // the client's
  const dnswire::IpAddress& client;  // unwrapped

  [[nodiscard]] std::span<const Face> faces(EndpointId endpoint) const noexcept {
    return plan[endpoint].faces_of(family);
  }
  [[nodiscard]] const health::Standing& standing(const Face& face) const noexcept {
    return board[face.subject];
  }
  [[nodiscard]] std::span<const Ranked> order_of(PoolId pool) const noexcept {
    return chart.order_of(of, pool);
  }
};

}  // namespace steering
