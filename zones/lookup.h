#pragma once

#include <cstdint>

#include "dnswire/name_view.h"
#include "dnswire/rr_type.h"
#include "dnswire/search_name.h"
#include "zones/zone.h"

namespace zones {

// CNAMEs and DNAMEs that one answer follows; more of them cost a resolver further questions.
inline constexpr std::size_t kMaxAliases = 8;

// What a zone has to say to a question. RFC 1034 4.3.2 step 3, RFC 4592 for wildcards, RFC 6672 for
// DNAME.
struct Finding {
  enum class Kind : std::uint8_t {
    Match,       // rrset
    Dynamic,     // node carries a dynamic record and the type is one of its
    Alias,       // rrset is the CNAME
    Redirect,    // node is an ancestor of the name, rrset its DNAME (RFC 6672 3.2)
    Referral,    // node is the zone cut, rrset its NS
    NoData,      // the name exists, the type does not (RFC 2308 2.2)
    NoSuchName,  // RFC 2308 2.1
  };
  Kind kind = Kind::NoSuchName;
  NodeId node{0};  // that answers: the name, its wildcard, the cut, or the owner of the DNAME
  RrSet rrset;
  bool synthesized = false;  // from a wildcard
};

// ANY gets one RRset of the name (RFC 8482 4.1). Requires: `name` is within the zone.
[[nodiscard]] Finding lookup(const Zone& zone, const dnswire::SearchName& name,
                             dnswire::RrType type) noexcept;
[[nodiscard]] inline Finding lookup(const Zone& zone, dnswire::NameView name,
                                    dnswire::RrType type) noexcept {
  return lookup(zone, dnswire::SearchName(name), type);
}

}  // namespace zones
