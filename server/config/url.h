// Addresses of web services. Private to this folder.
#pragma once

#include <string_view>

namespace config {

// Why `url` is none that a hook can post to: "" if it is, else a clause for people. `http` or
// `https`, a host, and, if written, port, path and query; no user, no fragment. RFC 3986 3.
[[nodiscard]] std::string_view fault_of_url(std::string_view url) noexcept;

}  // namespace config
