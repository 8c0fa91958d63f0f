#pragma once

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>

#include "dnswire/address.h"
#include "server/cli/admin_client.h"

namespace cli {

// Takes endpoints out for a while and watches the answers, as a client sees them. `body`: an
// override as PUT /overrides takes it, that ends by itself after `period`. Returns the exit status:
// 0 if every answer that had one of the endpoints changed, and changed back.
[[nodiscard]] int run_drill(const AdminClient& admin, const std::string& body,
                            std::chrono::milliseconds period,
                            const std::optional<dnswire::Prefix>& client, std::ostream& out,
                            std::ostream& errors);

}  // namespace cli
