#include "server/answer/answer.h"

#include <algorithm>

#include "dnswire/query.h"
#include "server/answer/compose.h"
#include "server/answer/encode.h"

namespace answer {
namespace {

using dnswire::Bytes;
using dnswire::Query;
using dnswire::Rcode;
using dnswire::Rejection;

// RFC 6891 6.2.3, 6.2.5: what the client takes, never more than we offer; 512 without EDNS.
std::size_t size_limit(const Query& query, Transport transport, const Scratch& scratch) noexcept {
  if (transport == Transport::Tcp) return scratch.reply.size();
  if (!query.edns) return dnswire::kMinUdpSize;
  return std::clamp(query.edns->udp_size, dnswire::kMinUdpSize, dnswire::kOurUdpSize);
}

Bytes reject(const Rejection& rejection, Scratch& scratch) noexcept {
  if (!rejection.rcode) return {};
  scratch.outcome.answered = true;
  scratch.outcome.rcode = *rejection.rcode;
  scratch.outcome.asked = rejection.question.has_value();
  if (rejection.question) scratch.outcome.type = rejection.question->type;
  return encode(rejection, scratch.reply);
}

Bytes reply(const Query& query, const Client& client, const Snapshot& snapshot, Scratch& scratch) {
  const Vantage vantage(client.address, query);
  Response& response = scratch.response;
  response.reset();
  compose(query.question, vantage, snapshot, scratch.workspace, response);
  const auto [message, truncated] =
      encode(query, response, scratch.reply, size_limit(query, client.transport, scratch));
  scratch.outcome = {
      true,          true, truncated, response.dynamic, response.last_resort, query.question.type,
      response.rcode};
  return message;
}

// Our own fault (memory ran out, say): an answer all the same, so that the resolver asks elsewhere.
Bytes fail(const Query& query, Scratch& scratch) noexcept {
  Response& response = scratch.response;
  response.reset();
  response.rcode = Rcode::ServFail;
  scratch.outcome = {true, true, false, false, false, query.question.type, response.rcode};
  return encode(query, response, scratch.reply, dnswire::kMinUdpSize).message;
}

}  // namespace

Bytes answer(Bytes request, const Client& client, const Snapshot& snapshot, health::Instant,
             Scratch& scratch) noexcept {
  scratch.outcome = {};
  const auto query = dnswire::parse_query(request);
  if (!query) return reject(query.error(), scratch);
  try {
    return reply(*query, client, snapshot, scratch);
  } catch (...) {
    return fail(*query, scratch);
  }
}

}  // namespace answer
