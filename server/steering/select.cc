#include "server/steering/select.h"

#include <algorithm>
#include <limits>

namespace steering {
namespace {

constexpr double kUnknownDistance = std::numeric_limits<double>::infinity();
constexpr double kEqualWithin = 1.05;  // 5 % farther counts as equally near

// Served for want of a verdict; nobody forced it.
bool is_unchecked(const health::Standing& standing) noexcept {
  return standing.state == health::State::Unknown && standing.force == health::Force::None &&
         !standing.held && !standing.rescued;
}

// Members with an address of the family, in the order in which the pick looks at them.
void gather(const Situation& now, const Pool& pool, Workspace& workspace) {
  workspace.candidates.clear();
  const bool by_distance = pool.pick == Pick::Nearest;
  for (std::uint32_t i = 0; i < pool.members.size(); ++i) {
    const Endpoint& endpoint = now.plan[pool.members[i].endpoint];
    if (!endpoint.face(now.family)) continue;
    const double distance = by_distance ? distance_to(now, endpoint).value_or(kUnknownDistance) : 0;
    workspace.candidates.push_back({i, distance});
  }
  if (!by_distance) return;
  // Equal distances keep the order in which they are written: every name server says the same.
  // (stable_sort would allocate.)
  std::sort(workspace.candidates.begin(), workspace.candidates.end(),
            [](const auto& a, const auto& b) {
              return a.distance != b.distance ? a.distance < b.distance : a.member < b.member;
            });
}

std::size_t most_addresses(const Pool& pool) noexcept {
  if (pool.max != 0) return pool.max;
  const bool one_is_usual = pool.pick == Pick::Failover || pool.pick == Pick::Weighted;
  return one_is_usual ? 1 : kMaxAddresses;
}

// all, failover, nearest: down the list until there are enough.
void take_in_order(const Situation& now, const Pool& pool, const Eligible& eligible,
                   Workspace& workspace, Steadiness& steadiness) {
  std::size_t wanted = most_addresses(pool);
  // Without `max`, `nearest` is the nearest eligible one and those that count as equally near.
  // Where no distance is known, all are unknown alike.
  const bool one_band = pool.pick == Pick::Nearest && pool.max == 0;
  double farthest = kUnknownDistance;
  for (const auto& candidate : workspace.candidates) {
    if (wanted == 0 || (one_band && candidate.distance > farthest)) break;
    const EndpointId id = pool.members[candidate.member].endpoint;
    const Face& face = *now.face(id);
    const health::Standing& standing = now.standing(face);
    steadiness.rest_on(id, standing);
    if (!eligible.admits(standing)) continue;
    if (one_band) farthest = std::min(farthest, candidate.distance * kEqualWithin);
    workspace.addresses.push_back(face.address);
    --wanted;
  }
}

// Draws one candidate, each with the chance of its weight; all zero counts as all equal.
std::size_t draw(const Pool& pool, Workspace& workspace) {
  std::uint64_t total = 0;
  for (const auto& candidate : workspace.candidates) total += pool.members[candidate.member].weight;
  if (total == 0) {
    std::uniform_int_distribution<std::size_t> any(0, workspace.candidates.size() - 1);
    return any(workspace.random);
  }
  std::uniform_int_distribution<std::uint64_t> point(0, total - 1);
  std::uint64_t rest = point(workspace.random);
  for (std::size_t i = 0;; ++i) {
    const std::uint64_t weight = pool.members[workspace.candidates[i].member].weight;
    if (rest < weight) return i;
    rest -= weight;
  }
}

void take_by_weight(const Situation& now, const Pool& pool, const Eligible& eligible,
                    Workspace& workspace, Steadiness& steadiness) {
  auto& candidates = workspace.candidates;
  std::erase_if(candidates, [&](const auto& candidate) {
    const EndpointId id = pool.members[candidate.member].endpoint;
    const health::Standing& standing = now.standing(*now.face(id));
    // Whoever comes or goes changes everyone's share.
    steadiness.rest_on(id, standing);
    return !eligible.admits(standing);
  });
  for (std::size_t wanted = most_addresses(pool); wanted > 0 && !candidates.empty(); --wanted) {
    const std::size_t drawn = draw(pool, workspace);
    const EndpointId id = pool.members[candidates[drawn].member].endpoint;
    workspace.addresses.push_back(now.face(id)->address);
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(drawn));
  }
}

}  // namespace

Census count_members(const Situation& now, const Pool& pool) noexcept {
  Census census;
  for (const Member& member : pool.members) {
    const Face* face = now.face(member.endpoint);
    if (face == nullptr) continue;
    const health::Standing& standing = now.standing(*face);
    ++census.present;
    if (!standing.is_served()) continue;
    ++census.healthy;
    if (is_unchecked(standing)) ++census.unchecked;
  }
  return census;
}

void rest_on_all(const Situation& now, const Pool& pool, Steadiness& steadiness) noexcept {
  for (const Member& member : pool.members) {
    if (const Face* face = now.face(member.endpoint)) {
      steadiness.rest_on(member.endpoint, now.standing(*face));
    }
  }
}

std::optional<double> distance_to(const Situation& now, const Endpoint& endpoint) noexcept {
  if (!now.client || !endpoint.at) return std::nullopt;
  return geo::distance_km(*now.client, *endpoint.at);
}

void select(const Situation& now, const Pool& pool, const Eligible& eligible, Workspace& workspace,
            Steadiness& steadiness) {
  gather(now, pool, workspace);
  if (pool.pick == Pick::Weighted) {
    take_by_weight(now, pool, eligible, workspace, steadiness);
  } else {
    take_in_order(now, pool, eligible, workspace, steadiness);
  }
}

}  // namespace steering
