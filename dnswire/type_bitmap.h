// The set of types in NSEC, NSEC3 and CSYNC. RFC 4034 4.1.2. For the sources of this folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/error.h"
#include "dnswire/words.h"

namespace dnswire {

// Windows in ascending order, none empty, without zero octets at their ends. A set without types
// has no octets (RFC 5155 3.2.1, an empty non-terminal).
[[nodiscard]] Result<void> check_type_bitmap(Bytes bitmap) noexcept;

// Requires: checked.
void append_type_bitmap(std::string& text, Bytes bitmap);

// All words that are left, in any order.
[[nodiscard]] Result<void> read_type_bitmap(Words& words, std::vector<std::uint8_t>& rdata);

}  // namespace dnswire
