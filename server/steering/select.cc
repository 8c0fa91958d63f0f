#include "server/steering/select.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "server/steering/faces.h"

namespace steering {
namespace {

using Candidate = Workspace::Candidate;

class Selector {
 public:
  Selector(const Situation& now, const Eligible& eligible, Workspace& workspace,
           Steadiness& steadiness, Picks* picks)
      : now_(now),
        eligible_(eligible),
        workspace_(workspace),
        steadiness_(steadiness),
        picks_(picks) {}

  // Appends `room` addresses at most.
  void pick_from(PoolId id, std::size_t room) {
    const Pool& pool = now_.plan[id];
    const bool one_is_usual =
        pool.pick == Pick::Failover || pool.pick == Pick::Weighted || pool.pick == Pick::Sticky;
    const Work work{id, pool,
                    end_after(pool.max == 0 ? room : std::min<std::size_t>(room, pool.max)),
                    pool.max == 0 && one_is_usual, needed_strength(pool)};
    // Whoever becomes strong enough is then taken before all of these.
    if (work.needed == Strength::Some) rest_on_all(now_, pool, steadiness_);
    switch (pool.pick) {
      case Pick::All:
      case Pick::Failover:
        return take_in_order(work);
      case Pick::Nearest:
        return take_by_place(work);
      case Pick::Weighted:
        return take_by_weight(work);
      case Pick::Sticky:
        return take_by_hash(work);
    }
  }

 private:
  struct Work {
    PoolId id;
    const Pool& pool;
    std::size_t end;  // of workspace.addresses, at most
    bool one_member;  // then it is done
    Strength needed;  // by health
  };

  [[nodiscard]] std::size_t end_after(std::size_t room) const {
    return workspace_.addresses.size() + room;
  }
  [[nodiscard]] bool is_full(const Work& work) const {
    return workspace_.addresses.size() >= work.end;
  }

  // Members that are too weak serve where no other does.
  [[nodiscard]] Strength needed_strength(const Pool& pool) const {
    if (eligible_.by != Eligible::By::Health) return Strength::None;
    const bool has_pools = std::ranges::any_of(
        pool.members, [](const Member& member) { return member.pool() != nullptr; });
    if (!has_pools) return Strength::Enough;  // an endpoint has no other
    return count_members(now_, pool).healthy > 0 ? Strength::Enough : Strength::Some;
  }

  [[nodiscard]] bool admits(EndpointId endpoint) const {
    return std::ranges::any_of(now_.faces(endpoint), [this](const Face& face) {
      return eligible_.admits(now_.standing(face));
    });
  }

  [[nodiscard]] bool admits(Strength needed, const Member& member) const {
    if (const EndpointId* endpoint = member.endpoint()) return admits(*endpoint);
    if (eligible_.by == Eligible::By::Health) return strength_of(now_, member) >= needed;
    return any_face(now_, member, [this](EndpointId, const Face& face) {
      return eligible_.admits(now_.standing(face));
    });
  }

  // Whether the endpoint, which is admitted, is one of those that the pool would be served from.
  [[nodiscard]] bool can_serve(PoolId first, EndpointId endpoint) const {
    Steadiness ignored;
    std::optional<PoolId> id = first;
    if (eligible_.by == Eligible::By::Health) id = serving_pool(now_, first, ignored);
    if (!id) return false;
    const Pool& pool = now_.plan[*id];
    const Strength needed = needed_strength(pool);
    return std::ranges::any_of(pool.members, [&](const Member& member) {
      if (const EndpointId* own = member.endpoint()) return *own == endpoint;
      return admits(needed, member) && can_serve(*member.pool(), endpoint);
    });
  }

  // Looked at, whatever comes of it.
  void rest_on(const Member& member) { rest_on_all(now_, member, steadiness_); }
  void rest_on(EndpointId endpoint) {
    for (const Face& face : now_.faces(endpoint)) {
      steadiness_.rest_on(endpoint, face, now_.standing(face));
    }
  }

  void take(const Work& work, std::uint32_t index) {
    if (picks_ != nullptr) picks_->emplace_back(work.id, index);
    const Member& member = work.pool.members[index];
    if (const EndpointId* endpoint = member.endpoint()) return take(work, *endpoint);
    const std::size_t room = work.end - workspace_.addresses.size();
    if (eligible_.by != Eligible::By::Health) return pick_from(*member.pool(), room);
    if (const auto pool = serving_pool(now_, *member.pool(), steadiness_)) pick_from(*pool, room);
  }

  void take(const Work& work, EndpointId endpoint) {
    auto& addresses = workspace_.addresses;
    for (const Face& face : now_.faces(endpoint)) {
      if (is_full(work)) return;
      if (!eligible_.admits(now_.standing(face))) continue;
      // Two pools may have a member in common; an RRset names an address once (RFC 2181 5).
      const bool is_there =
          std::find(addresses.begin(), addresses.end(), face.address) != addresses.end();
      if (!is_there) addresses.push_back(face.address);
    }
  }

  // all, failover: down the list until there are enough.
  void take_in_order(const Work& work) {
    for (std::uint32_t i = 0; i < work.pool.members.size() && !is_full(work); ++i) {
      const Member& member = work.pool.members[i];
      const bool is_admitted = admits(work.needed, member);
      // A pool that is taken says itself what it rests on.
      if (member.endpoint() != nullptr || !is_admitted) rest_on(member);
      if (!is_admitted) continue;
      take(work, i);
      if (work.one_member) return;
    }
  }

  // nearest: down the order of the client's place. Without `max`, the first group in which anybody
  // is admitted.
  void take_by_place(const Work& work) {
    auto& taken = workspace_.candidates;  // members that are pools
    const std::size_t base = taken.size();
    const auto is_taken = [&](std::uint32_t member) {
      return std::any_of(taken.begin() + static_cast<std::ptrdiff_t>(base), taken.end(),
                         [&](const Candidate& candidate) { return candidate.member == member; });
    };
    std::optional<std::uint32_t> group;
    for (const Ranked& ranked : now_.order_of(work.id)) {
      if (is_full(work) || (work.pool.max == 0 && group && ranked.group != *group)) break;
      const Member& member = work.pool.members[ranked.member];
      const bool is_pool = member.pool() != nullptr;
      if (is_pool && is_taken(ranked.member)) continue;
      rest_on(ranked.endpoint);
      if (!admits(ranked.endpoint)) continue;
      // A pool is where those are that serve for it, not those that it might spill to.
      if (is_pool && !(admits(work.needed, member) && can_serve(*member.pool(), ranked.endpoint))) {
        rest_on(member);
        continue;
      }
      group = ranked.group;
      if (is_pool) taken.push_back({ranked.member, 0, 0});
      take(work, ranked.member);
    }
    taken.resize(base);
  }

  // weighted: draws one by one, each with the chance of its weight; all zero counts as all equal.
  void take_by_weight(const Work& work) {
    auto& candidates = workspace_.candidates;
    const std::size_t base = candidates.size();
    for (std::uint32_t i = 0; i < work.pool.members.size(); ++i) {
      const Member& member = work.pool.members[i];
      rest_on(member);  // whoever comes or goes changes everyone's share
      if (admits(work.needed, member)) candidates.push_back({i, weight_of(now_, member), 0});
    }
    while (candidates.size() > base && !is_full(work)) {
      if (candidates.size() - base > 1) workspace_.is_individual = true;
      const auto drawn = candidates.begin() + static_cast<std::ptrdiff_t>(draw(base));
      const std::uint32_t member = drawn->member;
      candidates.erase(drawn);
      take(work, member);
      if (work.one_member) break;
    }
    candidates.resize(base);
  }

  // Index of one of the candidates from `base` on.
  std::size_t draw(std::size_t base) {
    const auto& candidates = workspace_.candidates;
    std::uint64_t total = 0;
    for (std::size_t i = base; i < candidates.size(); ++i) total += candidates[i].weight;
    if (total == 0) {
      std::uniform_int_distribution<std::size_t> any(base, candidates.size() - 1);
      return any(workspace_.random);
    }
    std::uniform_int_distribution<std::uint64_t> point(0, total - 1);
    std::uint64_t rest = point(workspace_.random);
    for (std::size_t i = base;; ++i) {
      if (rest < candidates[i].weight) return i;
      rest -= candidates[i].weight;
    }
  }

  // sticky: by falling score. Who has a higher one than the last taken would take over if it came
  // back.
  void take_by_hash(const Work& work) {
    auto& candidates = workspace_.candidates;
    const std::size_t base = candidates.size();
    const auto family = static_cast<std::size_t>(now_.client.family());
    const auto network = now_.client.masked(work.pool.sticky_bits[family]);
    for (std::uint32_t i = 0; i < work.pool.members.size(); ++i) {
      const Member& member = work.pool.members[i];
      const std::uint32_t weight = weight_of(now_, member);
      candidates.push_back({i, weight, sticky_score(member.key, network, weight)});
    }
    if (candidates.size() - base > 1) workspace_.is_individual = true;
    while (candidates.size() > base && !is_full(work)) {
      const auto best = std::max_element(
          candidates.begin() + static_cast<std::ptrdiff_t>(base), candidates.end(),
          [](const Candidate& a, const Candidate& b) { return a.score < b.score; });
      const std::uint32_t index = best->member;
      candidates.erase(best);
      rest_on(work.pool.members[index]);
      if (!admits(work.needed, work.pool.members[index])) continue;
      take(work, index);
      if (work.one_member) break;
    }
    candidates.resize(base);
  }

  const Situation& now_;
  const Eligible& eligible_;
  Workspace& workspace_;
  Steadiness& steadiness_;
  Picks* picks_;
};

// The finalizer of MurmurHash3, 64 bits: every bit of the input moves every bit of the output.
std::uint64_t mixed(std::uint64_t x) noexcept {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccd;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53;
  return x ^ (x >> 33);
}

std::uint64_t hash_of(const dnswire::IpAddress& network) noexcept {
  std::uint64_t hash = network.bits();
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < network.octets().size(); ++i) {
    word = word << 8 | network.octets()[i];
    if (i % 8 == 7) hash = mixed(hash ^ std::exchange(word, 0));
  }
  return mixed(hash ^ word);
}

}  // namespace

std::uint32_t weight_of(const Situation& now, const Member& member) noexcept {
  const EndpointId* endpoint = member.endpoint();
  if (endpoint == nullptr || now.faces(*endpoint).empty()) return member.weight;
  return now.standing(now.faces(*endpoint).front()).weight.value_or(member.weight);
}

double sticky_score(std::uint64_t member_key, const dnswire::IpAddress& network,
                    std::uint32_t weight) noexcept {
  // A point in (0, 1): the highest of weight / -log(point) falls to each in proportion to weights.
  const std::uint64_t hash = mixed(member_key ^ std::rotl(hash_of(network), 32));
  // With one bit more the last point would be rounded to 1.
  const double point = (static_cast<double>(hash >> 12) + 0.5) * 0x1p-52;
  return weight == 0 ? point - 1 : weight / -std::log(point);
}

void select(const Situation& now, PoolId pool, const Eligible& eligible, Workspace& workspace,
            Steadiness& steadiness, Picks* picks) {
  workspace.candidates.clear();
  Selector(now, eligible, workspace, steadiness, picks).pick_from(pool, kMaxAddresses);
}

}  // namespace steering
