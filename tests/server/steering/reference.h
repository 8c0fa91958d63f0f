// What a decision ought to be, worked out the slow way: nothing compiled, nothing remembered from
// one client to the next.
#pragma once

#include <set>
#include <vector>

#include "geo/map.h"
#include "health/board.h"
#include "server/steering/plan.h"

namespace steering {

struct Expected {
  std::vector<dnswire::IpAddress> addresses;
  const Target* target = nullptr;
  bool last_resort = false;
  bool unchecked = false;
  bool servfail = false;
  friend auto operator<=>(const Expected&, const Expected&) = default;
};

// All that may be answered: more than one only where `weighted` draws.
[[nodiscard]] std::set<Expected> expect(const Plan& plan, const geo::Map& map,
                                        const health::Board& board, zones::DynamicId record,
                                        dnswire::Family family, const dnswire::IpAddress& client);

}  // namespace steering
