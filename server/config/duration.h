#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace config {

// "500ms", "5s", "1h30m", "2d", "1w": numbers with units, largest first, nothing in between. The
// error is a clause for people: "`60` has no unit, write `60s`".
[[nodiscard]] tl::expected<std::chrono::milliseconds, std::string> parse_duration(
    std::string_view text);

// The same format, as short as it goes: "1m30s"; "0s".
[[nodiscard]] std::string to_text(std::chrono::milliseconds duration);

}  // namespace config
