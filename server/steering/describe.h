// A decision written down for people; slow.
#pragma once

#include <span>

#include "server/steering/course.h"
#include "server/steering/trace.h"

namespace steering {

// Fills in the pools, what spoke instead of them and where the TTL comes from. `course.rests` is
// what the whole decision rests on; `picked` are the addresses of the answer.
void describe(const Situation& now, const DynamicRecord& record, PoolId first, const Course& course,
              std::span<const dnswire::IpAddress> picked, Trace& trace);

}  // namespace steering
