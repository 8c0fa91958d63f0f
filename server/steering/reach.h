#pragma once

#include <vector>

#include "health/subject.h"
#include "server/steering/plan.h"

namespace steering {

// Everybody whose health can have a say in what a record answers, each once, in rising order: the
// endpoints of its pools, of those inside and behind them, and of what it falls back to.
[[nodiscard]] std::vector<health::SubjectId> find_subjects(const Plan& plan,
                                                           const DynamicRecord& record);

}  // namespace steering
