// A look at MaxMind DB data before libmaxminddb sees it.
#pragma once

#include <cstddef>

#include "dnswire/bytes.h"

namespace geo {

// Whether the value at `offset` of a data section, with all that it contains and points to, lies
// within the section, is nested no deeper than 32 levels and counts no more than 10,000 values.
// libmaxminddb 1.7.1 recurses as deep as the data are nested, and follows pointers in the metadata
// as often as they fan out: for those, a small hostile file is enough to end the process.
[[nodiscard]] bool is_decodable(dnswire::Bytes section, std::size_t offset) noexcept;

}  // namespace geo
