#pragma once

#include "server/aliases/ledger.h"
#include "server/control/event.h"

namespace control {

// What happens to targets of ALIAS outside our zones, put into words. Pure.
[[nodiscard]] Event alias_event(const aliases::Event& event);

}  // namespace control
