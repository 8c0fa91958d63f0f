// What a decision's trace says of pools and endpoints, as facts.
#pragma once

#include "server/admin/explanation.h"
#include "server/admin/health_words.h"
#include "server/answer/snapshot.h"
#include "server/steering/decide.h"
#include "server/steering/trace.h"

namespace admin {

struct Decided {
  zones::DynamicId record{};
  dnswire::Family family = dnswire::Family::V4;
  dnswire::IpAddress client;
  const steering::Decision& decision;
  const steering::Trace& trace;
};

// Requires: the record is no ALIAS; it was decided with that snapshot. `assumed`: by subject.
[[nodiscard]] ExplainedDecision explain_decision(const Decided& decided,
                                                 const answer::Snapshot& snapshot,
                                                 const HealthWords& words,
                                                 const std::vector<bool>& assumed);

}  // namespace admin
