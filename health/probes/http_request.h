// The text of a probe's HTTP request.
#pragma once

#include <string>

#include "health/check.h"

namespace probes {

// The host to name to the server: HttpSpec::host or, when that is empty, the dialled address.
[[nodiscard]] const std::string& host_of(const health::Target& target) noexcept;

// A request without a body, with `Connection: close` (RFC 9112 3, RFC 9110 7.2 for Host). A header
// of the check takes the place of ours with that name. Empty when method, path, host or a header
// holds what would make it another request than the one meant.
[[nodiscard]] std::string request_text(const health::Target& target);

}  // namespace probes
