#pragma once

#include <string>

#include "server/admin/explanation.h"

namespace admin {

// The same as JSON. Keys that are there stay: programs read them.
[[nodiscard]] std::string explanation_json(const Explanation& explanation);

}  // namespace admin
