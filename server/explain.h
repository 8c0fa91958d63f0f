#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dnswire/address.h"
#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "health/check.h"
#include "server/answer/snapshot.h"

namespace server {

struct ExplainRequest {
  dnswire::Name name;
  dnswire::RrType type = dnswire::RrType::A;
  dnswire::IpAddress client;
};

// What a person wrote, or a sentence that says what is wrong with it. No type: A.
[[nodiscard]] tl::expected<ExplainRequest, std::string> parse_explain_request(
    std::string_view name, std::string_view type, std::string_view client);

// Why a target stands as it does, for people: "connection refused, 12s ago"; empty: nothing to say.
using VerdictText = std::function<std::string(health::TargetId)>;

// Which zone, rule and pool answer, each endpoint's state and why it is in or out, where TTL and
// scope come from: a few lines for a person.
[[nodiscard]] std::string explain(const ExplainRequest& request, const answer::Snapshot& snapshot,
                                  const VerdictText& verdict_text);

}  // namespace server
