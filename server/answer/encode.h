#pragma once

#include "dnswire/query.h"
#include "server/answer/response.h"

namespace answer {

struct Encoded {
  dnswire::Bytes message;
  bool truncated = false;
};

// Writes the reply to a query into `buffer`, at most `limit` octets; header, question and OPT
// alone, TC set, if the RRsets do not all fit (RFC 2181 9). `edns` absent: no OPT record. RFC 1035
// 4.1, RFC 6891 7.
[[nodiscard]] Encoded encode(const dnswire::Query& query, const Response& response,
                             const std::optional<dnswire::Edns>& edns, dnswire::MutableBytes buffer,
                             std::size_t limit) noexcept;

// The reply to a message that was no query: header, and question as far as it was understood.
// Requires: `rejection` is not silent.
[[nodiscard]] dnswire::Bytes encode(const dnswire::Rejection& rejection,
                                    const std::optional<dnswire::Edns>& edns,
                                    dnswire::MutableBytes buffer) noexcept;

}  // namespace answer
