#pragma once

#include <cstdint>
#include <string_view>

#include "dnswire/error.h"

namespace dnswire {

// Seconds as master files have them: "3600", or with units "1h30m" (w d h m s). With units, every
// number has one and each is shorter than the one before, so that a slip of the finger does not
// pass: Error::BadNumber. Over 2^32 - 1: Error::NumberTooLarge.
[[nodiscard]] Result<std::uint32_t> period_from_text(std::string_view text) noexcept;

}  // namespace dnswire
