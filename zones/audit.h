// What is allowed in zones and still is most likely a mistake.
#pragma once

#include <string>
#include <vector>

#include "zones/zone_set.h"

namespace zones {

// Sentences of one kind about one zone; a further one counts the rest.
inline constexpr std::size_t kMaxWarningsOfAKind = 20;

// One sentence each, in the order of the zones, naming the zone and the names that it is about:
// an alias, or a name without address, where an address must be (target of NS, MX or SRV: RFC 2181
// 10.3, RFC 2782), an alias that leads back to itself, over more hops than are followed, or to a
// name that does not exist here; records below a zone cut that are not glue; a zone that is served
// here beneath another one that does not delegate it, or delegates it to other name servers.
// Targets outside all zones are left alone.
[[nodiscard]] std::vector<std::string> audit(const ZoneSet& zones);

}  // namespace zones
