#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "health/judge.h"

namespace health {

// What answers need to know of one target.
struct Standing {
  State state = State::Unknown;
  // Nothing can change for this long: interval times results still needed. Rounded down to seconds.
  std::chrono::seconds steady{0};
  friend bool operator==(const Standing&, const Standing&) = default;
};

[[nodiscard]] Standing standing_of(const CheckSpec& check, const Verdict& verdict) noexcept;

// Who stands, at one moment; part of every Snapshot.
//
// Threads: immutable once published, share freely.
class Board {
 public:
  Board() = default;
  explicit Board(std::vector<Standing> standings) : standings_(std::move(standings)) {}

  [[nodiscard]] const Standing& operator[](TargetId target) const noexcept {
    return standings_[static_cast<std::size_t>(target)];
  }
  [[nodiscard]] std::size_t size() const noexcept { return standings_.size(); }
  friend bool operator==(const Board&, const Board&) = default;

 private:
  std::vector<Standing> standings_;
};

}  // namespace health
