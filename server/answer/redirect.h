#pragma once

#include <optional>

#include "dnswire/name_view.h"
#include "server/answer/response.h"
#include "zones/lookup.h"

namespace answer {

// The CNAME that a DNAME makes for `name`, kept in the response; absent if its target would be too
// long. RFC 6672 3.1. Requires: `finding` is a Redirect of `name` in `zone`.
[[nodiscard]] std::optional<zones::RrSet> redirect(Response& response, const zones::Zone& zone,
                                                   dnswire::NameView name,
                                                   const zones::Finding& finding) noexcept;

// The name that a CNAME leads to. Borrows: the RRset.
[[nodiscard]] dnswire::NameView target_of(const zones::RrSet& cname) noexcept;

}  // namespace answer
