#include "health/subject.h"

#include <algorithm>

namespace health {
namespace {

bool is_up(const PartStanding& part) noexcept {
  return part.state == State::Up || part.state == State::Failing;
}
bool is_unknown(const PartStanding& part) noexcept { return part.state == State::Unknown; }
bool is_down(const PartStanding& part) noexcept { return !is_served(part.state); }

template <typename Test>
std::size_t count(std::span<const PartStanding> parts, Test test) noexcept {
  return static_cast<std::size_t>(std::count_if(parts.begin(), parts.end(), test));
}

// The moment by which `how_many` of the parts of a kind can have changed, at the earliest: the
// `how_many`-th smallest of their `steady`. Parts are few; no memory is taken.
template <typename Test>
Duration earliest(std::span<const PartStanding> parts, Test test, std::size_t how_many) noexcept {
  Duration found = Duration::max();
  for (const PartStanding& candidate : parts) {
    if (!test(candidate) || candidate.steady >= found) continue;
    const auto sooner = count(parts, [&](const PartStanding& part) {
      return test(part) && part.steady <= candidate.steady;
    });
    if (sooner >= how_many) found = candidate.steady;
  }
  return found;
}

}  // namespace

std::string_view to_text(Level level) noexcept {
  switch (level) {
    case Level::Edge:
      return "edge";
    case Level::Origin:
      return "origin";
  }
  return "";
}

Combined combine(std::span<const PartStanding> parts, std::uint16_t need) noexcept {
  const std::size_t needed = std::min<std::size_t>(need, parts.size());
  if (needed == 0) return {};
  const std::size_t up = count(parts, is_up);
  const std::size_t unknown = count(parts, is_unknown);
  const auto is_known_or_not_up = [](const PartStanding& part) { return !is_up(part); };
  const auto is_not_down = [](const PartStanding& part) { return !is_down(part); };
  if (up >= needed) {
    const std::size_t sound =
        count(parts, [](const PartStanding& part) { return part.state == State::Up; });
    return {sound >= needed ? State::Up : State::Failing, earliest(parts, is_up, up - needed + 1)};
  }
  if (up + unknown >= needed) {
    return {State::Unknown, std::min(earliest(parts, is_known_or_not_up, needed - up),
                                     earliest(parts, is_not_down, up + unknown - needed + 1))};
  }
  const std::size_t recovering =
      count(parts, [](const PartStanding& part) { return part.state == State::Recovering; });
  return {up + unknown + recovering >= needed ? State::Recovering : State::Down,
          earliest(parts, is_down, needed - up - unknown)};
}

Duration longest_to_fall(std::span<const Duration> parts, std::uint16_t need) {
  const std::size_t needed = std::min<std::size_t>(need, parts.size());
  if (needed == 0) return Duration::max();
  std::vector<Duration> sorted(parts.begin(), parts.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted[parts.size() - needed];
}

}  // namespace health
