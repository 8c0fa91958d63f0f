// What a dynamic name has to say, names that it stands for included.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "dnswire/address.h"
#include "dnswire/name_view.h"
#include "server/answer/response.h"
#include "server/answer/snapshot.h"
#include "server/steering/decide.h"
#include "zones/rrset.h"

namespace answer {

// One family of a dynamic name, for one client: a CNAME, addresses, or neither (NODATA).
//
// Borrows: snapshot, workspace (until its next decision) and response.
struct Tailored {
  const steering::Target* cname = nullptr;        // the name that a CNAME record leads to
  std::span<const dnswire::IpAddress> addresses;  // decided, or of a name outside our zones
  zones::RrSet rrset;                             // static, of a name in our zones
  std::string_view failure;  // not empty: SERVFAIL, and why; at most dnswire::kMaxErrorText octets

  dnswire::Ttl ttl{0};     // of all that was looked at; of the denial if there is nothing
  std::uint8_t depth = 0;  // leading bits of the client's address that all of it rests on
  bool last_resort = false;

  [[nodiscard]] bool has_addresses() const noexcept {
    return !addresses.empty() || rrset.begin() != rrset.end();
  }
};

// Decides what the name says. Where that is another name's addresses (ALIAS), follows it to its
// end, at most kMaxAliases names far: through our zones, then to what `snapshot.aliases` knows.
// What cannot be followed, or is not known yet, is a failure and never an absence: resolvers would
// believe that there is nothing. `response` only lends room (Response::keep).
[[nodiscard]] Tailored tailor(const Snapshot& snapshot, zones::DynamicId record,
                              dnswire::Family family, const dnswire::IpAddress& client,
                              steering::Workspace& workspace, Response& response);

}  // namespace answer
