// Times of signatures: seconds since 1970 in 32 bits. For the sources of this folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dnswire/error.h"

namespace dnswire {

// YYYYMMDDHHmmSS in UTC, or seconds; Error::BadTime for what is neither or lies outside 1970-01-01
// 00:00:00 to 2106-02-07 06:28:15. RFC 4034 3.2.
[[nodiscard]] Result<std::uint32_t> timestamp_from_text(std::string_view text) noexcept;

// Adds the time as YYYYMMDDHHmmSS.
void append_timestamp(std::string& text, std::uint32_t seconds);

}  // namespace dnswire
