// What a zone lacks, and what cannot stand where it does.
#pragma once

#include <string>
#include <vector>

#include "zones/zone.h"

namespace zones {

inline constexpr std::size_t kMaxZoneProblems = 100;  // a further sentence counts the rest

// For the person who wrote the zone, one sentence each; empty: the zone is fit to be served.
// - SOA and NS at the apex;
// - an address for each name server inside the zone: as glue if the name is at or below the cut
//   that it serves or, for the zone's own name servers, below any cut (RFC 1034 4.2.1);
// - nothing below the owner of a DNAME (RFC 6672 2.4);
// - no DS without NS (RFC 4035 2.4), no dynamic record below a cut.
// What ZoneBuilder::add refuses is not looked for again. The zone may lack its SOA.
[[nodiscard]] std::vector<std::string> verify(const Zone& zone);

}  // namespace zones
