#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/rr_type.h"

namespace aliases {

// What came of asking for one family of a name's addresses.
struct Finding {
  enum class Kind : std::uint8_t {
    Addresses,
    NoAddresses,  // the name exists, the type does not (RFC 2308 2.2)
    NoSuchName,   // RFC 2308 2.1
    Failure,      // nobody told: that says nothing of the name
  };
  Kind kind = Kind::Failure;
  std::vector<dnswire::IpAddress> addresses;  // sorted, each once
  dnswire::Ttl ttl{0};                        // as told, of addresses or of their absence
  std::string why;                            // of a failure, for people: "SERVFAIL"
  std::size_t by = 0;                         // who told, among those that were asked

  friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace aliases
