// What resolvers answer, written down as people write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/header.h"
#include "dnswire/name.h"

namespace aliases {

using Octets = std::vector<std::uint8_t>;

// Records as "www.example. 300 A 192.0.2.1".
struct Reply {
  std::vector<std::string> answer;
  std::vector<std::string> authority = {};
  dnswire::Rcode rcode = dnswire::Rcode::NoError;
  bool truncated = false;
  bool recursion_available = true;
};

// To that query: its id and its question.
[[nodiscard]] Octets reply_to(const Octets& query, const Reply& reply);
// The type that a query asks for.
[[nodiscard]] dnswire::Family family_of(const Octets& query);

[[nodiscard]] dnswire::Name name(std::string_view text);
[[nodiscard]] std::vector<dnswire::IpAddress> addresses(const std::vector<std::string>& texts);

}  // namespace aliases
