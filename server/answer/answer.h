// The spine: from the bytes of a query to the bytes of its answer.
#pragma once

#include <array>
#include <cstdint>

#include "dnswire/address.h"
#include "dnswire/bytes.h"
#include "dnswire/header.h"
#include "dnswire/rr_type.h"
#include "health/check.h"
#include "server/answer/response.h"
#include "server/answer/snapshot.h"
#include "server/steering/decide.h"

namespace answer {

enum class Transport : std::uint8_t { Udp, Tcp };

struct Client {
  dnswire::IpAddress address;  // where the packet came from
  Transport transport = Transport::Udp;
};

// What became of a query, for whoever counts.
struct Outcome {
  bool answered = false;  // false: silence
  bool asked = false;     // a question was understood; `type` is its
  bool truncated = false;
  bool dynamic = false;      // tailored
  bool last_resort = false;  // nobody was healthy and the all_down policy spoke
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
// Parse, find the zone, look up, tailor, compose, encode; see ARCHITECTURE.md for the sources.
[[nodiscard]] dnswire::Bytes answer(dnswire::Bytes request, const Client& client,
                                    const Snapshot& snapshot, health::Instant now,
                                    Scratch& scratch) noexcept;

}  // namespace answer
