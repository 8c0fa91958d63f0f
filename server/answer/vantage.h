#pragma once

#include <cstdint>

#include "dnswire/address.h"
#include "dnswire/query.h"

namespace answer {

// Private, reserved and multicast networks: such an address says nothing of where its owner is, and
// in a client subnet nothing at all (RFC 7871 11.1, RFC 6890).
[[nodiscard]] bool is_placeless(const dnswire::IpAddress& address) noexcept;

// From whose place a query is answered: the client subnet's, where there is one that says
// something, else that of the host that asks. RFC 7871 7.2.1, 11.1.
class Vantage {
 public:
  Vantage(const dnswire::IpAddress& source, const dnswire::Query& query) noexcept;

  [[nodiscard]] const dnswire::IpAddress& client() const noexcept { return address_; }  // unwrapped

  // The SCOPE PREFIX-LENGTH for an answer that rests on the first `depth` bits of client();
  // 0 if it rests on none, or on nothing that the client subnet said. At most 24 (IPv4), 56 (IPv6).
  [[nodiscard]] std::uint8_t scope(std::uint8_t depth) const noexcept;

 private:
  void take_subnet(const dnswire::ClientSubnet& subnet) noexcept;

  dnswire::IpAddress address_;  // unwrapped
  bool from_subnet_ = false;
  bool resolver_instead_ = false;  // the subnet is a private one
  std::uint8_t special_depth_ =
      0;                         // bits of the subnet that tell it from private and reserved ones
  std::uint8_t wrapped_in_ = 0;  // bits in front of the IPv4 address inside an IPv6 subnet
  std::uint8_t cap_ = 0;
};

}  // namespace answer
