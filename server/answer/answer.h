// The spine: from the bytes of a query to the bytes of its answer.
#pragma once

#include <array>
#include <cstdint>

#include "dnswire/bytes.h"
#include "dnswire/cookie.h"
#include "dnswire/header.h"
#include "dnswire/query.h"
#include "dnswire/rr_type.h"
#include "server/answer/admit.h"
#include "server/answer/client.h"
#include "server/answer/response.h"
#include "server/answer/snapshot.h"
#include "server/steering/decide.h"

namespace answer {

// What became of a query, for whoever counts.
struct Outcome {
  bool answered = false;  // false: silence
  bool asked = false;     // a question was understood; `type` is its
  bool truncated = false;
  bool dynamic = false;      // tailored
  bool last_resort = false;  // nobody was healthy and the all_down policy spoke
  bool failed = false;       // our own fault: SERVFAIL
  CookieUse cookie = CookieUse::None;
  dnswire::RrType type = dnswire::RrType::A;
  dnswire::Rcode rcode = dnswire::Rcode::NoError;
};

inline constexpr std::size_t kMaxReplySize = 65535;  // octets; what TCP can frame

// A thread's own room, so that nothing is allocated per query.
struct Scratch {
  explicit Scratch(std::uint64_t seed) : workspace(seed) {}

  std::array<std::uint8_t, kMaxReplySize> reply;  // for whoever has no room of its own
  dnswire::Query query;                           // the latest; not cleared in between
  Response response;
  steering::Workspace workspace;
  Outcome outcome;  // of the latest query
};

// Writes the reply to the front of `room`; empty means: say nothing.
// Parse, admit, find the zone, look up, tailor, compose, encode; see ARCHITECTURE.md for the
// sources.   Requires: dnswire::kOurUdpSize octets of room, kMaxReplySize for a client on TCP.
[[nodiscard]] dnswire::Bytes answer(dnswire::Bytes request, const Client& client,
                                    const Snapshot& snapshot, dnswire::UnixTime now,
                                    Scratch& scratch, dnswire::MutableBytes room) noexcept;

// The same, in the room that `scratch` has: until the next call.
[[nodiscard]] inline dnswire::Bytes answer(dnswire::Bytes request, const Client& client,
                                           const Snapshot& snapshot, dnswire::UnixTime now,
                                           Scratch& scratch) noexcept {
  return answer(request, client, snapshot, now, scratch, scratch.reply);
}

}  // namespace answer
