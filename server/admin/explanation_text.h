#pragma once

#include <string>

#include "server/admin/explanation.h"

namespace admin {

// A few lines for a person, a block for each client.
[[nodiscard]] std::string explanation_text(const Explanation& explanation);

}  // namespace admin
