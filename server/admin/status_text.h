#pragma once

#include <string>
#include <tl/expected.hpp>

namespace admin {

// What GET /status says, as a table for people; `results` also lists each check with its latest
// results. The error says why that is no such JSON.
[[nodiscard]] tl::expected<std::string, std::string> status_text(const std::string& json,
                                                                 bool results);

}  // namespace admin
