#pragma once

#include "dnswire/query.h"
#include "server/answer/response.h"
#include "server/answer/settings.h"

namespace answer {

// What a server says of itself: version.bind and version.server, hostname.bind and id.server, type
// TXT of class CHAOS. REFUSED for what is not told and for any other name. RFC 4892.
void compose_chaos(const dnswire::Question& question, const Settings& settings,
                   Response& response) noexcept;

}  // namespace answer
