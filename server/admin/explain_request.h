#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "server/admin/assumption.h"

namespace admin {

struct ExplainRequest {
  dnswire::Name name;
  dnswire::RrType type = dnswire::RrType::A;
  std::vector<dnswire::IpAddress> clients;  // never empty
  std::vector<Assumption> assumptions;
};

// What a person wrote, or a sentence that says what is wrong with it. No type: A. Clients and
// assumptions are separated by commas.
[[nodiscard]] tl::expected<ExplainRequest, std::string> parse_explain_request(
    std::string_view name, std::string_view type, std::string_view clients,
    std::string_view assumptions = {});

}  // namespace admin
