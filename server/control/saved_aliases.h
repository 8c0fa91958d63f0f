#pragma once

#include <vector>

#include "server/aliases/ledger.h"
#include "server/state/store.h"

namespace control {

// Addresses of alias targets, as the state file keeps them.
[[nodiscard]] std::vector<state::SavedAlias> to_saved(
    const std::vector<aliases::SavedAddresses>& aliases);
// And back; what means nothing is left out.
[[nodiscard]] std::vector<aliases::SavedAddresses> from_saved(
    const std::vector<state::SavedAlias>& saved);

}  // namespace control
