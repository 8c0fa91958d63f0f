#pragma once

#include "dnswire/query.h"
#include "dnswire/search_name.h"
#include "zones/lookup.h"
#include "zones/zone_set.h"

namespace answer {

// The zone that answers for a name: the longest match (RFC 1034 4.3.2 step 2), but for DS of a
// zone's apex, which its parent keeps (RFC 4035 3.1.4.1). Null: none of ours.
[[nodiscard]] const zones::Zone* find_zone(const zones::ZoneSet& zones,
                                           const dnswire::SearchName& name,
                                           dnswire::RrType type) noexcept;

// Where a question leads at first.
//
// Borrows: question and zones.
struct Located {
  dnswire::SearchName name;
  const zones::Zone* zone = nullptr;  // null: none of ours, or a question that is not looked up
  zones::Finding finding;             // in the zone

  Located(const dnswire::Question& question, const zones::ZoneSet& zones) noexcept;
};

}  // namespace answer
