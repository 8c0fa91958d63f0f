#pragma once

#include <string>
#include <tl/expected.hpp>

#include "dnswire/name.h"
#include "zones/problem.h"
#include "zones/zone.h"

namespace zones {

// Reads an RFC 1035 5 master file. The origin is that of `file`'s name ("example.org.zone") unless
// $ORIGIN stands before the SOA; or all problems found.
[[nodiscard]] tl::expected<Zone, Problems> load_master_file(const std::string& path);

}  // namespace zones
