#include "dnswire/request.h"

#include <array>
#include <tuple>

#include "dnswire/message_writer.h"

namespace dnswire {

std::vector<std::uint8_t> Request::to_bytes() const {
  // A name, a type and a class are at most 259 octets, EDNS without options eleven: all fits.
  std::array<std::uint8_t, kMinUdpSize> buffer;
  MessageWriter writer(buffer, buffer.size());
  Edns edns;
  edns.udp_size = kOurUdpSize;
  std::ignore = writer.write_question(question);
  std::ignore = writer.write_edns(edns, Rcode::NoError);
  Header header;
  header.id = id;
  header.rd = recursion_desired;
  const Bytes message = writer.finish(header);
  return {message.begin(), message.end()};
}

bool Request::is_answered_by(const Response& response) const noexcept {
  const Header& header = response.header;
  if (!header.qr || header.id != id || header.opcode != Opcode::Query) return false;
  if (!response.question) return header.rcode != Rcode::NoError;
  return response.question->name == question.name && response.question->type == question.type &&
         response.question->klass == question.klass;
}

}  // namespace dnswire
