// One rule of a dynamic record. Private to this folder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "server/config/yaml_reader.h"
#include "server/steering/plan.h"

namespace config {

// Of conditions; in the order in which rules are described.
enum class Kind : std::uint8_t { Continent, Country, Subdivision, Near, Asn, Net };
inline constexpr std::array kKinds = {Kind::Continent, Kind::Country, Kind::Subdivision,
                                      Kind::Near,      Kind::Asn,     Kind::Net};
[[nodiscard]] std::string_view to_text(Kind kind) noexcept;  // the key: "country"

// A rule without its pool, and where it is written.
struct WrittenRule {
  steering::Rule rule;
  YAML::Node at;
  std::array<std::vector<Spot>, kKinds.size()> spots;  // of each value, by kind
  bool is_sound = true;                                // every value that is written was read
  bool catches_all = true;                             // no condition is written

  [[nodiscard]] const std::vector<Spot>& spots_of(Kind kind) const noexcept {
    return spots[static_cast<std::size_t>(kind)];
  }
};

// `fields`: the rule's mapping. Reports values that no client can have and those that contradict
// each other.
[[nodiscard]] WrittenRule read_rule(const Fields& fields);

}  // namespace config
