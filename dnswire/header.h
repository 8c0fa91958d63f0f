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

inline Header Header::parse(Bytes message) noexcept {
  const unsigned flags = load16(&message[2]);
  Header header;
  header.id = load16(&message[0]);
  header.qr = (flags & 0x8000) != 0;
  header.opcode = static_cast<Opcode>((flags >> 11) & 0xf);
  header.aa = (flags & 0x0400) != 0;
  header.tc = (flags & 0x0200) != 0;
  header.rd = (flags & 0x0100) != 0;
  header.ra = (flags & 0x0080) != 0;
  header.ad = (flags & 0x0020) != 0;
  header.cd = (flags & 0x0010) != 0;
  header.rcode = static_cast<Rcode>(flags & 0xf);
  header.qdcount = load16(&message[4]);
  header.ancount = load16(&message[6]);
  header.nscount = load16(&message[8]);
  header.arcount = load16(&message[10]);
  return header;
}

}  // namespace dnswire
