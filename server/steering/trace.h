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
struct Trace {
  // Of the client, as the geo::Map has it; set before the decision.
  geo::Location location;

  struct Address {
    dnswire::IpAddress address;
    health::SubjectId subject{};
    health::Standing standing;
    bool chosen = false;
  };
  struct VisitedPool;
  // An endpoint, or a pool: then `pools` are that one and those that it spilled to.
  struct Member {
    std::optional<EndpointId> endpoint;
    std::vector<Address> addresses;  // of the endpoint; none: no address of this family
    std::vector<VisitedPool> pools;
    std::optional<double> distance;  // km, without bias; only where the pick looks at it
    std::uint32_t weight = 1;        // that counts
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

  std::size_t rule = 0;            // index of the one that matched
  std::vector<VisitedPool> pools;  // in the order of the spill; then the one that stands in
  std::string instead;             // what spoke where health could not: "nobody is healthy, so ..."
  bool heeds_health = false;       // whoever of the answer dies leaves it
  std::string ttl_because;         // "tokyo can change in 10s at the earliest"
  std::string scope_because;       // "the widest network around the client that ..."
};

}  // namespace steering
