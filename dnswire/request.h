// What a server is asked, for those who ask: probes and the resolver of aliases.
#pragma once

#include <cstdint>
#include <vector>

#include "dnswire/edns.h"
#include "dnswire/query.h"
#include "dnswire/response.h"

namespace dnswire {

// One question on its way out. Borrows: the question's name.
struct Request {
  std::uint16_t id = 0;
  bool recursion_desired = false;
  Question question;

  // The message, with EDNS and room for kOurUdpSize octets.
  [[nodiscard]] std::vector<std::uint8_t> to_bytes() const;

  // Whether a message is a reply to this one: QR, id, opcode and question. A server that did not
  // understand the question may leave it out.
  [[nodiscard]] bool is_answered_by(const Response& response) const noexcept;
};

}  // namespace dnswire
