// Where a client is, joined with who stands: addresses, TTL and scope.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include "dnswire/address.h"
#include "health/board.h"
#include "server/steering/atlas.h"
#include "server/steering/plan.h"

namespace steering {

struct Trace;

// The rooms that a decision needs, kept by the caller so that none is allocated per query.
struct Workspace {
  explicit Workspace(std::uint64_t seed) : random(seed) {}

  struct Candidate {
    std::uint32_t member;  // index into the pool's members
    std::uint32_t weight;
    double score;  // of `sticky`
  };
  std::vector<Candidate> candidates;  // a stack: of pools inside pools
  std::vector<dnswire::IpAddress> addresses;
  std::minstd_rand random;  // for `weighted`
  // Whether a draw, or the client's network, had a say in the latest decision.
  bool is_individual = false;
};

struct Decision {
  // Best first. Empty: NODATA, because no member of the pool has an address of this family or
  // because the policy says so, unless `servfail` or `target`. `ttl` limits how long that may be
  // believed; kMaxTtl where health has no say in it.
  // Borrows: the workspace, until the next decision.
  std::span<const dnswire::IpAddress> addresses;
  // Another name answers instead, not for longer than `ttl`; or null. Borrows: the plan.
  const Target* target = nullptr;
  dnswire::Ttl ttl{0};
  std::uint8_t scope = 0;    // leading bits of the client's address that this rests on (RFC 7871 6)
  bool last_resort = false;  // nobody was healthy, all_down spoke
  bool unchecked = false;    // nobody has a verdict yet, until_checked spoke
  bool servfail = false;     // the answer is SERVFAIL (AllDown::ServFail)
};

// The answer's addresses of one family, for a client at an address: told by the resolver (client
// subnet), or else its own. Pure, but for the draw of `weighted` from the workspace's generator.
// With `trace`, also writes down every step and its reason (that is slow, and for people).
[[nodiscard]] Decision decide(const Plan& plan, const Atlas& atlas, const health::Board& board,
                              zones::DynamicId record, dnswire::Family family,
                              const dnswire::IpAddress& client, Workspace& workspace,
                              Trace* trace = nullptr);

// What all clients of one class are told alike, `of` being one of the classes of the record's
// chart; its `scope` is that of nobody. Absent: a draw or the client's network has a say in it.
[[nodiscard]] std::optional<Decision> decide_for_class(
    const Plan& plan, const Atlas& atlas, const health::Board& board, zones::DynamicId record,
    dnswire::Family family, const Chart::Class& of, Workspace& workspace);

}  // namespace steering
