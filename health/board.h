#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "health/judge.h"
#include "health/subject.h"

namespace health {

// What an operator says of a subject, against or with its results.
enum class Force : std::uint8_t { None, Drained, Up, Down };
[[nodiscard]] std::string_view to_text(Force force) noexcept;  // "drained", "forced-up"; None: ""

// What answers need to know of one subject. The real state and the forced one stay apart.
struct Standing {
  State state = State::Up;  // by its results
  Force force = Force::None;
  bool held = false;     // down by results that do not count: this node is cut off (Guard)
  bool rescued = false;  // down by our results, up by other nodes' (Advice)
  // Nothing can change for this long; rounded down to seconds. max: nothing can change it.
  std::chrono::seconds steady = std::chrono::seconds::max();
  std::chrono::seconds cap = std::chrono::seconds::max();  // an override's own TTL
  std::optional<std::uint32_t> weight;  // an operator's, in place of the configuration's
  Instant fell{};                       // when it last ceased to be served by its results; 0: never
  std::chrono::seconds beat{0};         // longest interval of its checks, rounded up

  [[nodiscard]] bool is_served() const noexcept {
    if (force != Force::None) return force == Force::Up;
    return held || rescued || health::is_served(state);
  }
  friend bool operator==(const Standing&, const Standing&) = default;
};

// "up", "failing", "drained", "forced-up", "held": the one word that says why it is served or not.
[[nodiscard]] std::string_view to_text(const Standing& standing) noexcept;

// Who stands, at one moment; part of every Snapshot.
//
// Threads: immutable once published, share freely.
class Board {
 public:
  Board() = default;
  explicit Board(std::vector<Standing> standings) : standings_(std::move(standings)) {}

  [[nodiscard]] const Standing& operator[](SubjectId subject) const noexcept {
    return standings_[static_cast<std::size_t>(subject)];
  }
  [[nodiscard]] std::size_t size() const noexcept { return standings_.size(); }
  friend bool operator==(const Board&, const Board&) = default;

 private:
  std::vector<Standing> standings_;
};

}  // namespace health
