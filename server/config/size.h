#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace config {

// Octets: "512B", "128KiB", "4MiB", "1GiB": one whole number with its unit. The error is a clause
// for people: "`128` has no unit, write for example `128KiB`".
[[nodiscard]] tl::expected<std::uint64_t, std::string> parse_size(std::string_view text);

// The same format, in the largest unit that leaves a whole number.
[[nodiscard]] std::string to_size_text(std::uint64_t octets);

}  // namespace config
