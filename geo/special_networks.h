// Networks that say nothing of where a client is.
#pragma once

#include "geo/prefix_set.h"

namespace geo {

// Private, reserved and multicast networks (RFC 7871 11.1, RFC 6890), of both families. Teredo is
// one of them: the client's address stands behind all bits of a client subnet that we look at (RFC
// 4380 4).
[[nodiscard]] const PrefixSet& special_networks();

}  // namespace geo
