#pragma once

#include <cstddef>
#include <string>

#include "server/control/supervisor.h"
#include "server/hooks/dispatcher.h"

namespace admin {

// What Prometheus is told of health, in the text format 0.0.4; docs/metrics.md lists every name.
// Written out directly: a registry of 20,000 endpoints would take longer than a probe may be late.
[[nodiscard]] std::string health_metrics(const control::Supervisor& supervisor,
                                         const hooks::Dispatcher::Counters& hooks,
                                         std::size_t failing_aliases = 0);

}  // namespace admin
