#pragma once

#include <optional>

#include "dnswire/address.h"
#include "geo/location.h"
#include "health/board.h"
#include "server/steering/plan.h"

namespace steering {

// What picking from a pool needs to know of the moment.
struct Situation {
  const Plan& plan;
  const health::Board& board;
  dnswire::Family family;
  std::optional<geo::Coordinates> client;  // where the client is

  // Null: the endpoint has no address of the family.
  [[nodiscard]] const Face* face(EndpointId endpoint) const noexcept {
    const auto& face = plan[endpoint].face(family);
    return face ? &*face : nullptr;
  }
  [[nodiscard]] const health::Standing& standing(const Face& face) const noexcept {
    return board[face.subject];
  }
};

}  // namespace steering
