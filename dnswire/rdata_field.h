// One field of RDATA as octets. For the sources of this folder.
#pragma once

#include <cstddef>

#include "dnswire/rdata.h"

namespace dnswire {

// How many octets at the front of `rdata` the field takes, or what is wrong with them.
[[nodiscard]] Result<std::size_t> field_size(Field field, Bytes rdata) noexcept;

}  // namespace dnswire
