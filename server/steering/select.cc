#include "server/steering/select.h"

#include <algorithm>
#include <limits>

namespace steering {
namespace {

constexpr double kUnknownDistance = std::numeric_limits<double>::infinity();
constexpr double kEqualWithin = 1.05;  // 5 % farther counts as equally near

bool is_healthy(const Situation& now, const Face& face) noexcept {
  return !face.target || health::is_served(now.board[*face.target].state);
}

double distance_to(const Situation& now, const Endpoint& endpoint) noexcept {
  if (!now.client || !endpoint.at) return kUnknownDistance;
  return geo::distance_km(*now.client, *endpoint.at);
}

// Members with an address of the family, in the order in which the pick looks at them.
void gather(const Situation& now, const Pool& pool, Workspace& workspace) {
  workspace.candidates.clear();
  const bool by_distance = pool.pick == Pick::Nearest;
  for (std::uint32_t i = 0; i < pool.members.size(); ++i) {
    const Endpoint& endpoint = now.plan[pool.members[i].endpoint];
    if (!endpoint.face(now.family)) continue;
    workspace.candidates.push_back({i, by_distance ? distance_to(now, endpoint) : 0});
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
void take_in_order(const Situation& now, const Pool& pool, bool as_if_up, Workspace& workspace,
                   Steadiness& steadiness) {
  std::size_t wanted = most_addresses(pool);
  // Without `max`, `nearest` is the nearest healthy one and those that count as equally near. Where
  // no distance is known, all are unknown alike.
  const bool one_band = pool.pick == Pick::Nearest && pool.max == 0;
  double farthest = kUnknownDistance;
  for (const auto& candidate : workspace.candidates) {
    if (wanted == 0 || (one_band && candidate.distance > farthest)) break;
    const EndpointId id = pool.members[candidate.member].endpoint;
    steadiness.rest_on(now.plan, now.board, id, now.family);
    const Face& face = *now.plan[id].face(now.family);
    if (!as_if_up && !is_healthy(now, face)) continue;
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

void take_by_weight(const Situation& now, const Pool& pool, bool as_if_up, Workspace& workspace,
                    Steadiness& steadiness) {
  auto& candidates = workspace.candidates;
  std::erase_if(candidates, [&](const auto& candidate) {
    const EndpointId id = pool.members[candidate.member].endpoint;
    // Whoever comes or goes changes everyone's share.
    steadiness.rest_on(now.plan, now.board, id, now.family);
    return !as_if_up && !is_healthy(now, *now.plan[id].face(now.family));
  });
  for (std::size_t wanted = most_addresses(pool); wanted > 0 && !candidates.empty(); --wanted) {
    const std::size_t drawn = draw(pool, workspace);
    const EndpointId id = pool.members[candidates[drawn].member].endpoint;
    workspace.addresses.push_back(now.plan[id].face(now.family)->address);
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(drawn));
  }
}

}  // namespace

void Steadiness::rest_on(const Plan& plan, const health::Board& board, EndpointId endpoint,
                         dnswire::Family family) noexcept {
  const auto& face = plan[endpoint].face(family);
  if (!face || !face->target) return;
  const std::chrono::seconds steady = board[*face->target].steady;
  if (steady >= time) return;
  time = steady;
  whose = endpoint;
}

Census count_members(const Situation& now, const Pool& pool) noexcept {
  Census census;
  for (const Member& member : pool.members) {
    const auto& face = now.plan[member.endpoint].face(now.family);
    if (!face) continue;
    ++census.present;
    if (is_healthy(now, *face)) ++census.healthy;
  }
  return census;
}

void select(const Situation& now, const Pool& pool, bool as_if_up, Workspace& workspace,
            Steadiness& steadiness) {
  gather(now, pool, workspace);
  if (pool.pick == Pick::Weighted) {
    take_by_weight(now, pool, as_if_up, workspace, steadiness);
  } else {
    take_in_order(now, pool, as_if_up, workspace, steadiness);
  }
}

namespace {

std::string why(const Trace::Member& member, const Pool& pool, bool serves) {
  if (!member.address) return "no address of this family";
  if (member.chosen) {
    switch (pool.pick) {
      case Pick::All:
        return "every healthy member is served";
      case Pick::Failover:
        return "first healthy in order";
      case Pick::Weighted:
        return "drawn by weight";
      case Pick::Nearest:
        return member.distance ? "nearest" : "no distance known, order as written";
    }
  }
  if (member.state && !health::is_served(*member.state)) {
    return "is " + std::string(to_text(*member.state));
  }
  if (!serves) return "its pool does not serve";
  switch (pool.pick) {
    case Pick::All:
      return "over max";
    case Pick::Failover:
      return "healthy, but later in order";
    case Pick::Weighted:
      return "not drawn this time";
    case Pick::Nearest:
      return member.distance ? "healthy, but farther away" : "no distance known";
  }
  return {};
}

}  // namespace

Trace::VisitedPool describe(const Situation& now, PoolId id, bool serves,
                            std::span<const dnswire::IpAddress> picked) {
  const Pool& pool = now.plan[id];
  Trace::VisitedPool result{id, count_members(now, pool).healthy, serves, {}};
  for (const Member& member : pool.members) {
    const Endpoint& endpoint = now.plan[member.endpoint];
    Trace::Member line{member.endpoint, {}, {}, {}, member.weight, false, {}};
    if (const auto& face = endpoint.face(now.family)) {
      line.address = face->address;
      if (face->target) line.state = now.board[*face->target].state;
      line.chosen = std::find(picked.begin(), picked.end(), face->address) != picked.end();
      const double distance = distance_to(now, endpoint);
      if (pool.pick == Pick::Nearest && distance != kUnknownDistance) line.distance = distance;
    }
    line.why = why(line, pool, serves);
    result.members.push_back(std::move(line));
  }
  return result;
}

}  // namespace steering
