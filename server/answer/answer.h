// The spine: from the bytes of a query to the bytes of its answer.
#pragma once

#include <array>
#include <cstdint>

#include "dnswire/bytes.h"
#include "dnswire/cookie.h"
#include "dnswire/header.h"
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

// A thread's own room: the reply is written here, nothing is allocated per query.
struct Scratch {
  explicit Scratch(std::uint64_t seed) : workspace(seed) {}

  std::array<std::uint8_t, 65535> reply;
  Response response;
  steering::Workspace workspace;
  Outcome outcome;  // of the latest query
};

// Empty means: say nothing. Borrows: the reply lives in `scratch` until the next call.
// Parse, admit, find the zone, look up, tailor, compose, encode; see ARCHITECTURE.md for the
// sources.
[[nodiscard]] dnswire::Bytes answer(dnswire::Bytes request, const Client& client,
                                    const Snapshot& snapshot, dnswire::UnixTime now,
                                    Scratch& scratch) noexcept;

}  // namespace answer
