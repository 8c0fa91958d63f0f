// A look at the metadata of a MaxMind DB before libmaxminddb sees it.
#pragma once

#include <cstddef>

#include "dnswire/bytes.h"

namespace geo {

// How much of the end of a file libmaxminddb searches for the metadata.
inline constexpr std::size_t kMetadataSearch = 131072;

// Whether there are metadata that is_decodable(), and whose languages and descriptions are strings:
// libmaxminddb 1.7.1 leaks memory if they are not.
// Requires: `tail` is the end of the file, kMetadataSearch octets of it if it has as many.
[[nodiscard]] bool has_sound_metadata(dnswire::Bytes tail);

}  // namespace geo
