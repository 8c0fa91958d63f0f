// The SvcParams of SVCB and HTTPS. RFC 9460; dohpath is RFC 9461 5, ohttp RFC 9540 4.
// For the sources of this folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/error.h"
#include "dnswire/words.h"

namespace dnswire {

// Keys in ascending order, no key twice, values that fit their keys (RFC 9460 2.2), and what
// `mandatory` and `no-default-alpn` ask for is there (RFC 9460 8, 7.1.1).
[[nodiscard]] Result<void> check_svc_params(Bytes params) noexcept;

// Requires: checked.
void append_svc_params(std::string& text, Bytes params);

// All words that are left, in any order. Requires: `rdata` starts with SvcPriority.
[[nodiscard]] Result<void> read_svc_params(Words& words, std::vector<std::uint8_t>& rdata);

// An alias whose parameters nobody looks at: RFC 9460 2.4.2 has them ignored on receipt, and
// presentation format here does not take them. Requires: well-formed RDATA of SVCB.
[[nodiscard]] bool has_idle_svc_params(Bytes rdata) noexcept;

}  // namespace dnswire
