// DNS without a socket: the question for a name's addresses, and the reading of what comes back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/name.h"
#include "dnswire/request.h"
#include "dnswire/response.h"
#include "server/aliases/finding.h"

namespace aliases {

// CNAMEs that are followed inside one answer: more than resolvers do.
inline constexpr std::size_t kMaxCnames = 16;
// Of a denial whose SOA was left out, as stub resolvers do (RFC 2308 5 gives none).
inline constexpr dnswire::Ttl kTtlWithoutSoa{30};

class Exchange {
 public:
  Exchange(dnswire::Name name, dnswire::Family family, std::uint16_t id);

  // RD=1, with EDNS.
  [[nodiscard]] const std::vector<std::uint8_t>& query() const noexcept { return query_; }

  struct Reading {
    Finding finding;
    bool truncated = false;  // to be asked again over TCP; `finding` says nothing
  };
  // Absent: no answer to this query, to be ignored.
  //
  // Of an answer only what the name leads to by CNAMEs counts, and of that at most
  // steering::kMaxAddresses addresses, the lowest ones. A denial must come from somebody who
  // resolves: a referral, and an alias whose end a server that does not recurse leaves out, are
  // failures.
  [[nodiscard]] std::optional<Reading> read(dnswire::Bytes message) const;

 private:
  [[nodiscard]] dnswire::Request request() const noexcept;
  [[nodiscard]] Finding find_addresses(const dnswire::Response& response) const;

  dnswire::Name name_;
  dnswire::Family family_;
  std::uint16_t id_;
  std::vector<std::uint8_t> query_;
};

}  // namespace aliases
