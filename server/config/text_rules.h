// What kinds of text may stand in values. Private to this folder.
#pragma once

#include <string>
#include <string_view>

namespace config {

// Octets 0 to 31 and 127.
[[nodiscard]] bool has_controls(std::string_view text) noexcept;
// Printable ASCII without blanks; not empty.
[[nodiscard]] bool is_visible_ascii(std::string_view text) noexcept;
// RFC 9110 5.6.2: the name of a header, or a method.
[[nodiscard]] bool is_http_token(std::string_view text) noexcept;
// RFC 1123 2.1, underscores allowed. What reads as an address with a mistake in it is no name.
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;
// ASCII letters small.
[[nodiscard]] std::string to_lower(std::string_view text);

}  // namespace config
