// The list of address prefixes in APL. RFC 3123. For the sources of this folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/error.h"
#include "dnswire/words.h"

namespace dnswire {

// IPv4 and IPv6 prefixes, without zero octets at the ends of their addresses (RFC 3123 4). A list
// may be empty.
[[nodiscard]] Result<void> check_address_prefixes(Bytes list) noexcept;

// Requires: checked.
void append_address_prefixes(std::string& text, Bytes list);

// All words that are left: [!]AFI:ADDRESS/PREFIX.
[[nodiscard]] Result<void> read_address_prefixes(Words& words, std::vector<std::uint8_t>& rdata);

}  // namespace dnswire
