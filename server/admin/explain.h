#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dnswire/address.h"
#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "server/admin/health_words.h"
#include "server/answer/snapshot.h"

namespace admin {

struct ExplainRequest {
  dnswire::Name name;
  dnswire::RrType type = dnswire::RrType::A;
  dnswire::IpAddress client;
};

// What a person wrote, or a sentence that says what is wrong with it. No type: A.
[[nodiscard]] tl::expected<ExplainRequest, std::string> parse_explain_request(
    std::string_view name, std::string_view type, std::string_view client);

// Which zone, rule and pool answer, each endpoint's state and why it is in or out, what spoke where
// nobody is healthy, where TTL and scope come from, how soon the answer follows a death: a few
// lines for a person.
[[nodiscard]] std::string explain(const ExplainRequest& request, const answer::Snapshot& snapshot,
                                  const HealthWords& words);

}  // namespace admin
