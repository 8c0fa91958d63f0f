#include "health/board.h"

namespace health {

Standing standing_of(const CheckSpec& check, const Verdict& verdict) noexcept {
  if (verdict.state == State::Unknown) return {};
  const Duration steady = check.interval * results_to_flip(check.thresholds, verdict);
  return {verdict.state, std::chrono::floor<std::chrono::seconds>(steady)};
}

}  // namespace health
