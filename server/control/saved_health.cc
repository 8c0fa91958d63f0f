#include "server/control/saved_health.h"

#include <algorithm>
#include <utility>

namespace control {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

Clocks Clocks::now() {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::steady_clock::now(), duration_cast<milliseconds>(wall).count()};
}

std::int64_t Clocks::wall_of(health::Instant instant) const noexcept {
  if (instant == health::Instant{}) return 0;
  return wall - duration_cast<milliseconds>(steady - instant).count();
}

health::Instant Clocks::steady_of(std::int64_t wall_time) const noexcept {
  if (wall_time == 0) return {};
  return steady - milliseconds(std::max<std::int64_t>(wall - wall_time, 0));
}

state::SavedVerdict to_saved(std::string key, const health::Verdict& verdict,
                             const std::vector<health::Result>& results, const Clocks& clocks) {
  state::SavedVerdict saved;
  saved.key = std::move(key);
  saved.state = verdict.state;
  saved.failures = verdict.failures;
  saved.successes = verdict.successes;
  saved.changed = clocks.wall_of(verdict.changed);
  saved.recovering = clocks.wall_of(verdict.recovering);
  saved.detail = verdict.last.detail;
  saved.results.reserve(results.size());
  for (const health::Result& result : results) {
    saved.results.push_back({clocks.wall_of(result.started), result.took, result.reason});
  }
  return saved;
}

probes::Engine::Remembered from_saved(const state::SavedVerdict& saved, const Clocks& clocks) {
  probes::Engine::Remembered remembered;
  health::Verdict& verdict = remembered.verdict;
  verdict.state = saved.state;
  verdict.failures = saved.failures;
  verdict.successes = saved.successes;
  verdict.changed = clocks.steady_of(saved.changed);
  verdict.recovering = clocks.steady_of(saved.recovering);
  for (const auto& result : saved.results) {
    remembered.results.push_back({clocks.steady_of(result.started), result.took, result.reason});
  }
  if (!remembered.results.empty()) {
    const health::Result& newest = remembered.results.back();
    verdict.last.started = newest.started;
    verdict.last.took = milliseconds(newest.took);
    verdict.last.reason = newest.reason;
    verdict.last.passed = newest.reason == health::Reason::None;
    verdict.last.detail = saved.detail;
  }
  return remembered;
}

bool still_count(std::int64_t alive, const Clocks& clocks) noexcept {
  const std::int64_t age = clocks.wall - alive;
  return alive != 0 && age < milliseconds(kVerdictsCount).count() &&
         -age < milliseconds(kVerdictsCount).count();
}

}  // namespace control
