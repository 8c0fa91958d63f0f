// Endpoints as health sees them: several checks judged as a whole.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "health/check.h"
#include "health/judge.h"

namespace health {

// Index into the list of subjects of one configuration.
enum class SubjectId : std::uint32_t {};

// What a check tells apart: that the edge lives, or that the origin behind it does, reached through
// the edge.
enum class Level : std::uint8_t { Edge, Origin };
[[nodiscard]] std::string_view to_text(Level level) noexcept;  // "edge"

// One address of an endpoint, and what judges it.
struct Subject {
  struct Part {
    std::string name;  // of the check
    TargetId target{};
    Level level = Level::Edge;
    friend bool operator==(const Part&, const Part&) = default;
  };
  std::vector<Part> checks;  // none: always up
  std::uint16_t need = 0;    // of the checks must stand; at most all of them
  friend bool operator==(const Subject&, const Subject&) = default;
};

// What a combination needs to know of one target.
struct PartStanding {
  State state = State::Unknown;
  Duration steady{0};  // steady_for()
};

struct Combined {
  State state = State::Up;
  Duration steady = Duration::max();  // max: nothing can change it
};

// `need` of the parts. Served as soon as enough are up; Unknown while those without a result could
// still make enough; `steady` is the earliest moment at which enough of them can have changed.
[[nodiscard]] Combined combine(std::span<const PartStanding> parts, std::uint16_t need) noexcept;

// The longest that a subject which dies altogether goes on being served: the bounds of its checks
// joined by `need`. max(): nothing judges it.
[[nodiscard]] Duration longest_to_fall(std::span<const Duration> parts, std::uint16_t need);

// Another node's view of a subject. It may rescue what we alone take for dead, never condemn what
// we can reach.
enum class Advice : std::uint8_t { None, Up, Down };

// Whether a subject is served by its results, advice included.
[[nodiscard]] constexpr bool is_served(State state, Advice advice) noexcept {
  return is_served(state) || advice == Advice::Up;
}

}  // namespace health
