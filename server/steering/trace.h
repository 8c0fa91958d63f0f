#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "geo/location.h"
#include "health/board.h"
#include "server/steering/plan.h"

namespace steering {

// How a decision came about, step by step; what `explain` prints.
// Borrows: the location belongs to the geo::Map of the decision.
struct Trace {
  struct Member {
    EndpointId endpoint{};
    std::optional<dnswire::IpAddress> address;  // none: no address of this family
    health::SubjectId subject{};                // with an address; as `standing`
    health::Standing standing;
    std::optional<double> distance;  // km; only where the pick looks at it
    std::uint32_t weight = 1;
    bool chosen = false;
    std::string why;  // "nearest", "is down", "healthy, but farther away"
  };
  struct VisitedPool {
    PoolId pool{};
    std::size_t healthy = 0;
    bool serves = false;
    bool stands_in = false;  // not of the rule: all_down or until_checked names it
    std::vector<Member> members;
  };

  const geo::Location* location = nullptr;
  std::uint8_t location_depth = 0;  // leading bits of the client's address
  std::size_t rule = 0;             // index of the one that matched
  std::vector<VisitedPool> pools;   // in the order of the spill; then the one that stands in
  std::string instead;        // what spoke where health could not: "nobody is healthy, so ..."
  bool heeds_health = false;  // whoever of the answer dies leaves it
  std::string ttl_because;    // "tokyo can change in 10s at the earliest"
  std::string scope_because;  // "the rule asks for the country"
};

}  // namespace steering
