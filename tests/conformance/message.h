// Queries and replies as people write them down: the bytes go one way and come back through ldns,
// so that our own codec is not its own witness.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dnswire/bytes.h"

namespace conformance {

using Octets = std::vector<std::uint8_t>;

struct Ask {
  std::string name;
  std::string type = "A";
  std::string klass = "IN";
  std::uint16_t id = 4711;
  bool recursion_desired = false;
  bool checking_disabled = false;
  bool edns = false;
  std::uint16_t udp_size = 1232;
  std::uint8_t edns_version = 0;
  bool dnssec_ok = false;
  std::string subnet = {};  // client subnet, "192.0.2.0/24"; sends EDNS, too
  Octets cookie = {};       // sends EDNS, too
  Octets options = {};  // further EDNS options as octets, codes and lengths included; sends EDNS
};

[[nodiscard]] Octets to_bytes(const Ask& ask);

// The client subnet that comes back. RFC 7871 6.
struct EchoedSubnet {
  std::string prefix;  // "192.0.2.0/24"
  unsigned scope = 0;
};

struct Reply {
  std::size_t size = 0;  // octets; 0: silence
  std::uint16_t id = 0;
  std::string status;  // "NOERROR"; with the upper bits from OPT
  std::string flags;   // those set among aa tc rd ra ad cd: "aa rd"
  // Records in presentation format, in the order of the message; OPT is not among them.
  std::vector<std::string> question, answer, authority, additional;
  bool edns = false;
  std::uint16_t udp_size = 0;
  unsigned edns_version = 0;
  bool dnssec_ok = false;
  std::optional<EchoedSubnet> subnet;
  std::map<unsigned, Octets> options;  // by code, RFC 6891 6.1.2

  // "20" or "0: text" (RFC 8914 2); empty if there is none.
  [[nodiscard]] std::string extended_error() const;
};

// Fails the test on bytes that ldns refuses, and on a reply without QR.
[[nodiscard]] Reply read_reply(dnswire::Bytes message);

// One line each: "status NOERROR aa", "answer NAME TTL IN TYPE DATA", "authority ...",
// "additional ...", "scope 24"; "silence" alone if there was no reply.
[[nodiscard]] std::string to_text(const Reply& reply);
// The same with the records of each section sorted.
[[nodiscard]] std::string to_sorted_text(Reply reply);

}  // namespace conformance
