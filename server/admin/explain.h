#pragma once

#include <string>
#include <tl/expected.hpp>

#include "server/admin/explain_request.h"
#include "server/admin/explanation.h"
#include "server/admin/health_words.h"
#include "server/answer/snapshot.h"

namespace admin {

// Which zone, rule and pool answer, each endpoint's state and why it is in or out, what spoke where
// nobody is healthy, where TTL and scope come from, how soon the answer follows a death. What draws
// draws alike for all clients. The error: an assumption that speaks of nobody.
[[nodiscard]] tl::expected<Explanation, std::string> explain(const ExplainRequest& request,
                                                             const answer::Snapshot& snapshot,
                                                             const HealthWords& words);

}  // namespace admin
