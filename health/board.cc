#include "health/board.h"

namespace health {

std::string_view to_text(Force force) noexcept {
  switch (force) {
    case Force::None:
      return "";
    case Force::Drained:
      return "drained";
    case Force::Up:
      return "forced-up";
    case Force::Down:
      return "forced-down";
  }
  return "";
}

std::string_view to_text(const Standing& standing) noexcept {
  if (standing.force != Force::None) return to_text(standing.force);
  if (standing.held) return "held";
  if (standing.rescued) return "rescued";
  return to_text(standing.state);
}

}  // namespace health
