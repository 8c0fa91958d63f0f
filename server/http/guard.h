// What a request must look like before a handler sees it: pure functions on its text.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace http {

// An IP literal or "localhost", with or without a port. RFC 9110 7.2.
[[nodiscard]] bool is_trusted_host(std::string_view host);

// GET, HEAD and OPTIONS do not. RFC 9110 9.2.1.
[[nodiscard]] bool changes_state(std::string_view method) noexcept;

// The token of "Bearer TOKEN", the value of the header Authorization. Absent: another scheme, or
// none. RFC 6750 2.1, RFC 9110 11.1.
[[nodiscard]] std::optional<std::string_view> bearer_token(std::string_view authorization) noexcept;

// RFC 3986 2.1; `plus_is_space` as in the query of a form. Absent: not two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

struct Target {
  std::string path;
  std::map<std::string, std::string> query;
};

// "/a%20b?c=d&e" (RFC 9112 3.2.1). Absent: malformed, or not beginning with '/'.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

}  // namespace http
