#pragma once

#include <vector>

#include "dnswire/name.h"
#include "server/steering/plan.h"
#include "zones/zone_set.h"

namespace aliases {

// The names outside our zones whose addresses answers of ours may need: where ALIAS records, and
// fallbacks that are one, end when they are followed as answer::tailor follows them. Each once, in
// canonical order. A name below a zone cut of ours is outside.
[[nodiscard]] std::vector<dnswire::Name> outside_targets(const steering::Plan& plan,
                                                         const zones::ZoneSet& zones);

}  // namespace aliases
