// The one field of LOC: a place on earth, its size and how precisely it is known. RFC 1876.
// For the sources of this folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/error.h"
#include "dnswire/words.h"

namespace dnswire {

inline constexpr std::size_t kLocationSize = 16;  // octets, of version 0

// Requires: kLocationSize octets.
[[nodiscard]] Result<void> check_location(Bytes location) noexcept;

// Requires: checked.
void append_location(std::string& text, Bytes location);

// d1 [m1 [s1]] {"N"|"S"} d2 [m2 [s2]] {"E"|"W"} alt["m"] [siz["m"] [hp["m"] [vp["m"]]]]
// Lengths keep their first digit: the wire format has no room for more (RFC 1876 2, SIZE).
[[nodiscard]] Result<void> read_location(Words& words, std::vector<std::uint8_t>& rdata);

}  // namespace dnswire
