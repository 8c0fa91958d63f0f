#pragma once

#include "server/health_words.h"
#include "server/supervisor.h"

namespace server {

// What `explain` asks of the running server.
// Borrows: the supervisor.
[[nodiscard]] HealthWords words_of(const Supervisor& supervisor);

}  // namespace server
