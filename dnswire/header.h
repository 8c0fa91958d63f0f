#pragma once

#include <cstdint>
#include <string>

#include "dnswire/bytes.h"

namespace dnswire {

inline constexpr std::size_t kHeaderSize = 12;  // RFC 1035 4.1.1

enum class Opcode : std::uint8_t { Query = 0, IQuery = 1, Status = 2, Notify = 4, Update = 5 };

enum class Rcode : std::uint8_t {  // RFC 1035 4.1.1, RFC 2136 2.2, RFC 6891 9, RFC 7873 8
  NoError = 0,
  FormErr = 1,
  ServFail = 2,
  NxDomain = 3,
  NotImp = 4,
  Refused = 5,
  YxDomain = 6,    // RFC 6672 3.2: a DNAME that makes the name too long
  BadVers = 16,    // its upper eight bits travel in the OPT record
  BadCookie = 23,  // RFC 7873 8
};

// "NOERROR", "NXDOMAIN", ...; "RCODE11" for one without a name.
[[nodiscard]] std::string to_text(Rcode rcode);

// The first twelve octets of a message. RFC 1035 4.1.1; AD and CD: RFC 4035 3.1.6, 3.2.2.
struct Header {
  std::uint16_t id = 0;
  bool qr = false;
  Opcode opcode = Opcode::Query;
  bool aa = false;
  bool tc = false;
  bool rd = false;
  bool ra = false;
  bool ad = false;
  bool cd = false;
  Rcode rcode = Rcode::NoError;  // the lower four bits, when written
  std::uint16_t qdcount = 0;
  std::uint16_t ancount = 0;
  std::uint16_t nscount = 0;
  std::uint16_t arcount = 0;

  // Requires: kHeaderSize octets.
  [[nodiscard]] static Header parse(Bytes message) noexcept;
  void write(MutableBytes message) const noexcept;
};

}  // namespace dnswire
