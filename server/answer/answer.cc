#include "server/answer/answer.h"

#include <algorithm>

#include "dnswire/query.h"
#include "server/answer/admit.h"
#include "server/answer/compose.h"
#include "server/answer/encode.h"
#include "server/answer/ready.h"
#include "server/answer/reply_edns.h"

namespace answer {
namespace {

using dnswire::Bytes;
using dnswire::MutableBytes;
using dnswire::Query;
using dnswire::Rcode;
using dnswire::Rejection;

// RFC 6891 6.2.3, 6.2.5: what the client takes, never more than we offer; 512 without EDNS.
std::size_t size_limit(const Query& query, Transport transport) noexcept {
  if (transport == Transport::Tcp) return kMaxReplySize;
  if (!query.edns) return dnswire::kMinUdpSize;
  return std::clamp(query.edns->udp_size, dnswire::kMinUdpSize, dnswire::kOurUdpSize);
}

Bytes reject(const Rejection& rejection, const Client& client, const Settings& settings,
             dnswire::UnixTime now, Scratch& scratch, MutableBytes room) noexcept {
  if (!rejection.rcode) return {};
  scratch.outcome.answered = true;
  scratch.outcome.rcode = *rejection.rcode;
  scratch.outcome.asked = rejection.question.has_value();
  if (rejection.question) scratch.outcome.type = rejection.question->type;
  scratch.response.reset();
  scratch.response.error = rejection.error;
  Admitted admitted;
  if (rejection.edns) admitted = admit(rejection.edns->cookie, client, settings, now);
  scratch.outcome.cookie = admitted.use;
  const auto edns = reply_edns(rejection.edns, scratch.response, admitted, client, settings);
  return encode(rejection, edns, room);
}

// Empty: too long for this client.
Bytes send_ready(const Query& query, const Ready& ready, const Client& client,
                 const Snapshot& snapshot, const Admitted& admitted, Scratch& scratch,
                 MutableBytes room) noexcept {
  Outcome& outcome = scratch.outcome;
  outcome.answered = outcome.asked = true;
  outcome.dynamic = ready.dynamic;
  outcome.last_resort = ready.last_resort;
  outcome.cookie = admitted.use;
  outcome.type = query.question.type;
  outcome.rcode = ready.rcode;
  const std::size_t limit = size_limit(query, client.transport);
  if (!query.edns) return write_ready(query, ready, nullptr, room, limit);
  Response& response = scratch.response;
  response.reset();
  response.scope = ready.scope;
  if (ready.last_resort) response.error = kLastResort;
  const auto edns = reply_edns(query.edns, response, admitted, client, *snapshot.settings);
  return write_ready(query, ready, &*edns, room, limit);
}

// The long way: what is in the response is written down.
Bytes send_composed(const Query& query, const Client& client, const Snapshot& snapshot,
                    const Admitted& admitted, Scratch& scratch, MutableBytes room) noexcept {
  Response& response = scratch.response;
  const auto edns = reply_edns(query.edns, response, admitted, client, *snapshot.settings);
  const std::size_t limit = size_limit(query, client.transport);
  Encoded encoded = encode(query, response, edns, room, limit);
  if (encoded.truncated && client.transport == Transport::Tcp) {
    // There is nothing larger to send the client to: the aliases alone, and it asks for their end.
    response.keep_aliases();
    encoded = encode(query, response, edns, room, limit);
  }
  Outcome& outcome = scratch.outcome;
  outcome.answered = outcome.asked = true;
  outcome.truncated = encoded.truncated;
  outcome.dynamic = response.dynamic;
  outcome.last_resort = response.last_resort;
  outcome.cookie = admitted.use;
  outcome.type = query.question.type;
  outcome.rcode = response.rcode;
  return encoded.message;
}

Bytes turn_away(const Query& query, const Client& client, const Snapshot& snapshot,
                const Admitted& admitted, Scratch& scratch, MutableBytes room) noexcept {
  Response& response = scratch.response;
  response.reset();
  response.truncated = admitted.admission == Admission::OverTcp;
  if (!response.truncated) response.rcode = Rcode::BadCookie;
  return send_composed(query, client, snapshot, admitted, scratch, room);
}

Bytes reply(const Query& query, const Client& client, const Snapshot& snapshot,
            const Admitted& admitted, Scratch& scratch, MutableBytes room) {
  const Located located(query.question, *snapshot.zones);
  const Ready ready = find_ready(query, located, client.address, snapshot);
  if (!ready.sheet.records.empty()) {
    const Bytes message = send_ready(query, ready, client, snapshot, admitted, scratch, room);
    if (!message.empty()) return message;
  }
  scratch.response.reset();
  compose(query.question, located, Vantage(client.address, query), snapshot, scratch.workspace,
          scratch.response);
  return send_composed(query, client, snapshot, admitted, scratch, room);
}

// Our own fault (memory ran out, say): an answer all the same, so that the resolver asks elsewhere.
Bytes fail(const Query& query, const Client& client, const Snapshot& snapshot,
           const Admitted& admitted, Scratch& scratch, MutableBytes room) noexcept {
  Response& response = scratch.response;
  response.reset();
  response.rcode = Rcode::ServFail;
  response.error = {dnswire::ExtendedErrorCode::Other, "internal error"};
  scratch.outcome = {};
  scratch.outcome.answered = scratch.outcome.asked = scratch.outcome.failed = true;
  scratch.outcome.cookie = admitted.use;
  scratch.outcome.type = query.question.type;
  scratch.outcome.rcode = response.rcode;
  const auto edns = reply_edns(query.edns, response, admitted, client, *snapshot.settings);
  return encode(query, response, edns, room, dnswire::kMinUdpSize).message;
}

}  // namespace

Bytes answer(Bytes request, const Client& client, const Snapshot& snapshot, dnswire::UnixTime now,
             Scratch& scratch, MutableBytes room) noexcept {
  scratch.outcome = {};
  Query& query = scratch.query;
  if (const auto rejection = dnswire::parse_query(request, query)) {
    return reject(*rejection, client, *snapshot.settings, now, scratch, room);
  }
  const Bytes cookie = query.edns ? query.edns->cookie : Bytes{};
  Admitted admitted;
  if (!cookie.empty() || snapshot.settings->require_cookies) {
    admitted = admit(cookie, client, *snapshot.settings, now);
    if (admitted.admission != Admission::Answer) {
      return turn_away(query, client, snapshot, admitted, scratch, room);
    }
  }
  try {
    return reply(query, client, snapshot, admitted, scratch, room);
  } catch (...) {
    return fail(query, client, snapshot, admitted, scratch, room);
  }
}

}  // namespace answer
