#pragma once

#include "dnswire/edns.h"
#include "server/answer/admit.h"
#include "server/answer/client.h"
#include "server/answer/response.h"
#include "server/answer/settings.h"

namespace answer {

// The OPT record of a reply; none where the query has none (RFC 6891 6.1.1). DO is copied
// (RFC 3225 3), the client subnet comes back with the scope (RFC 7871 7.2.1), the cookie with our
// half, NSID (RFC 5001 2.2) and, over TCP, keepalive (RFC 7828 3.3.2) where asked for.
//
// Borrows: all it is given.
[[nodiscard]] std::optional<dnswire::Edns> reply_edns(const std::optional<dnswire::Edns>& asked,
                                                      const Response& response,
                                                      const Admitted& admitted,
                                                      const Client& client,
                                                      const Settings& settings) noexcept;

}  // namespace answer
