#pragma once

#include "server/admin/health_words.h"
#include "server/control/supervisor.h"

namespace admin {

// What `explain` asks of the running server.
// Borrows: the supervisor.
[[nodiscard]] HealthWords words_of(const control::Supervisor& supervisor);

}  // namespace admin
