// The secret that commands show to the admin listener where they change something: a line of
// hexadecimal digits in the state folder, for its owner only.
//
// No text that leaves here but the token itself holds it.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace admin {

// For a server: reads FOLDER/admin-token, or makes it and, if need be, the folder. The error is a
// sentence.   Throws std::system_error where the kernel gives no random octets.
[[nodiscard]] tl::expected<std::string, std::string> provide_admin_token(const std::string& folder);
// A sentence when everyone on this machine can read the token; else empty.
[[nodiscard]] std::string warn_of_admin_token(const std::string& folder);

// For the command line: reads it, and makes nothing. The error is a sentence.
[[nodiscard]] tl::expected<std::string, std::string> read_admin_token(const std::string& folder);
// The same of a file that the operator names.
[[nodiscard]] tl::expected<std::string, std::string> read_admin_token_file(const std::string& path);

// Whether the header Authorization is "Bearer TOKEN" (RFC 6750 2.1), in a time that does not tell
// how much of it is right. An empty token matches nothing.
[[nodiscard]] bool token_matches(std::string_view authorization_header, std::string_view token);

}  // namespace admin
