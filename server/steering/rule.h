// Which of a record's rules a client meets, looked at one by one; what queries use is compiled from
// this (Chart).
#pragma once

#include <cstddef>
#include <span>

#include "geo/location.h"
#include "server/steering/plan.h"

namespace steering {

// Index of the first that matches. `inside` has an entry for each rule with networks, in order:
// whether the client is in one of them.
// Requires: the last rule catches all.
[[nodiscard]] std::size_t find_rule(const DynamicRecord& record, const geo::Location& location,
                                    std::span<const bool> inside);

// The same for the client's address itself.
[[nodiscard]] std::size_t find_rule(const DynamicRecord& record, const geo::Location& location,
                                    const dnswire::IpAddress& client);

}  // namespace steering
