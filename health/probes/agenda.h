#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "health/check.h"

namespace probes {

// What is to be done when, in turns: what falls into the same fortieth of a second is done when
// that ends. Waking up costs about as much as a probe, and this way many share it. Pure.
template <typename Who>
class Agenda {
 public:
  static constexpr health::Duration kTurn{25};

  void add(Who who, health::Instant when) { turns_[turn_of(when)].push_back(std::move(who)); }
  // `when` as it was added.
  void remove(const Who& who, health::Instant when) {
    const auto turn = turns_.find(turn_of(when));
    if (turn == turns_.end()) return;
    const auto found = std::find(turn->second.begin(), turn->second.end(), who);
    if (found != turn->second.end()) turn->second.erase(found);
    if (turn->second.empty()) turns_.erase(turn);
  }
  void clear() noexcept { turns_.clear(); }

  // When to call take() next. max(): there is nothing.
  [[nodiscard]] health::Instant next_turn() const noexcept {
    return turns_.empty() ? health::Instant::max() : end_of(turns_.begin()->first);
  }
  // The first that was added of those whose turn has come, earlier turns before later ones.
  [[nodiscard]] std::optional<Who> take(health::Instant now) {
    if (now < next_turn()) return std::nullopt;
    const auto turn = turns_.begin();
    std::optional<Who> who = std::move(turn->second.front());
    turn->second.pop_front();
    if (turn->second.empty()) turns_.erase(turn);
    return who;
  }

 private:
  using Turn = health::Duration::rep;

  static Turn turn_of(health::Instant when) noexcept {
    return std::chrono::floor<health::Duration>(when.time_since_epoch()) / kTurn;
  }
  static health::Instant end_of(Turn turn) noexcept { return health::Instant(kTurn * (turn + 1)); }

  std::map<Turn, std::deque<Who>> turns_;
};

}  // namespace probes
