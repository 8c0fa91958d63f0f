#include "dnswire/header.h"

#include <cassert>

namespace dnswire {

std::string to_text(Rcode rcode) {
  switch (rcode) {
    case Rcode::NoError:
      return "NOERROR";
    case Rcode::FormErr:
      return "FORMERR";
    case Rcode::ServFail:
      return "SERVFAIL";
    case Rcode::NxDomain:
      return "NXDOMAIN";
    case Rcode::NotImp:
      return "NOTIMP";
    case Rcode::Refused:
      return "REFUSED";
    case Rcode::YxDomain:
      return "YXDOMAIN";
    case Rcode::BadVers:
      return "BADVERS";
    case Rcode::BadCookie:
      return "BADCOOKIE";
  }
  return "RCODE" + std::to_string(static_cast<unsigned>(rcode));
}

void Header::write(MutableBytes message) const noexcept {
  assert(message.size() >= kHeaderSize);
  unsigned flags = static_cast<unsigned>(opcode) << 11 | (static_cast<unsigned>(rcode) & 0xf);
  flags |= qr ? 0x8000U : 0U;
  flags |= aa ? 0x0400U : 0U;
  flags |= tc ? 0x0200U : 0U;
  flags |= rd ? 0x0100U : 0U;
  flags |= ra ? 0x0080U : 0U;
  flags |= ad ? 0x0020U : 0U;
  flags |= cd ? 0x0010U : 0U;
  store16(&message[0], id);
  store16(&message[2], static_cast<std::uint16_t>(flags));
  store16(&message[4], qdcount);
  store16(&message[6], ancount);
  store16(&message[8], nscount);
  store16(&message[10], arcount);
}

}  // namespace dnswire
