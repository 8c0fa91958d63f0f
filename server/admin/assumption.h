// What if: an operator's word that nobody has said.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "health/board.h"
#include "server/steering/plan.h"

namespace admin {

struct Assumption {
  health::Force force = health::Force::Down;  // never None
  std::string target;                         // as overrides have it, canonical

  [[nodiscard]] std::string text() const;  // "down: tokyo"
};

// "down:tokyo,drained:pool:edges", or a sentence that says what is wrong with it. Empty: nothing.
[[nodiscard]] tl::expected<std::vector<Assumption>, std::string> parse_assumptions(
    std::string_view text);

// A board as it would be.
struct AssumedBoard {
  std::shared_ptr<const health::Board> board;
  std::vector<bool> assumed;  // by health::SubjectId: who stands there by assumption
};
// The later of two that speak of one endpoint counts. The error names the target that nobody has.
[[nodiscard]] tl::expected<AssumedBoard, std::string> assume(
    const std::vector<Assumption>& assumptions, const steering::Plan& plan,
    const std::shared_ptr<const health::Board>& board);

}  // namespace admin
