// Numbers in RDATA that may be written by name. For the sources of this folder.
#pragma once

#include <cstdint>
#include <string_view>

#include "dnswire/error.h"

namespace dnswire {

// DNSSEC algorithms: a number or a mnemonic of RFC 4034 A.1 and its successors at IANA.
[[nodiscard]] Result<std::uint8_t> algorithm_from_text(std::string_view text) noexcept;

// Certificate types: a number or a mnemonic of RFC 4398 2.1.
[[nodiscard]] Result<std::uint16_t> certificate_type_from_text(std::string_view text) noexcept;

}  // namespace dnswire
