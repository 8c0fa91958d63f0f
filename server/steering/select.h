// The choice among the members of one pool.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "server/steering/decide.h"
#include "server/steering/eligible.h"
#include "server/steering/plan.h"
#include "server/steering/situation.h"
#include "server/steering/strength.h"

namespace steering {

// Members taken, pools inside pools included: the pool, and the index of its member.
using Picks = std::vector<std::pair<PoolId, std::uint32_t>>;

// Appends the picked addresses, best first, to workspace.addresses, and to `steadiness` what they
// rest on. With Eligible::By::Health, pools that are members spill (serving_pool); else they count
// as they are. `picks`, if any, gets who was taken.
void select(const Situation& now, PoolId pool, const Eligible& eligible, Workspace& workspace,
            Steadiness& steadiness, Picks* picks = nullptr);

// What a draw counts the member with: an operator's word, or the configuration's.
[[nodiscard]] std::uint32_t weight_of(const Situation& now, const Member& member) noexcept;

// Rendezvous hashing: among members the one with the highest score has the client's network. A
// member's share is its weight's; who has weight 0 comes behind all others.
[[nodiscard]] double sticky_score(std::uint64_t member_key, const dnswire::IpAddress& network,
                                  std::uint32_t weight) noexcept;

}  // namespace steering
