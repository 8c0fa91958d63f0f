// A decision written down for people; slow.
#pragma once

#include <span>
#include <string>

#include "server/steering/course.h"
#include "server/steering/select.h"
#include "server/steering/trace.h"

namespace steering {

struct Outcome {
  std::span<const dnswire::IpAddress> addresses;
  const Picks& picks;
};

// Fills in the pools, what spoke instead of them and where the TTL comes from. `course.rests` is
// what the whole decision rests on.
void describe(const Situation& now, const DynamicRecord& record, const Course& course,
              const Outcome& outcome, Trace& trace);

// Where the scope comes from.
[[nodiscard]] std::string describe_scope(const Chart::Spot& spot);

}  // namespace steering
