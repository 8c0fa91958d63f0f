#include "tests/server/steering/reference.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <tuple>

#include "server/steering/select.h"
#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using health::Force;
using health::Instant;
using health::Standing;
using health::State;

// Leads through every way that draws can go: each run takes one of them.
class Draws {
 public:
  std::size_t draw(std::size_t choices) {
    if (at_ == path_.size()) path_.push_back({0, choices});
    return path_[at_++].first;
  }
  bool advance() {
    at_ = 0;
    while (!path_.empty() && path_.back().first + 1 == path_.back().second) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().first;
    return true;
  }

 private:
  std::vector<std::pair<std::size_t, std::size_t>> path_;  // taken, of how many
  std::size_t at_ = 0;
};

bool has(const auto& values, const auto& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool is_met(const Rule& rule, const geo::Location& place, const IpAddress& client) {
  if (!rule.continents.empty() && (!place.continent || !has(rule.continents, *place.continent))) {
    return false;
  }
  if (!rule.countries.empty() && (!place.country || !has(rule.countries, *place.country))) {
    return false;
  }
  if (!rule.subdivisions.empty() && !has(rule.subdivisions, place.subdivision)) return false;
  if (!rule.asns.empty() && !(place.asn != 0 && has(rule.asns, place.asn))) return false;
  if (!rule.near.empty()) {
    bool any = false;
    for (const Circle& circle : rule.near) {
      any = any ||
            (place.coordinates && geo::distance_km(*place.coordinates, circle.center) <= circle.km);
    }
    if (!any) return false;
  }
  if (!rule.nets) return true;
  return std::any_of(rule.nets->begin(), rule.nets->end(),
                     [&](const dnswire::Prefix& net) { return net.contains(client); });
}

// One client, at one moment, along one way of the draws.
class Reference {
 public:
  Reference(const Plan& plan, const geo::Map& map, const health::Board& board, Family family,
            const IpAddress& client, Draws& draws)
      : plan_(plan),
        board_(board),
        family_(family),
        client_(client.unwrapped()),
        place_(location_of(map, client)),
        draws_(draws) {}

  Expected decide(const DynamicRecord& record) {
    if (record.alias) return {{}, &*record.alias, false, false, false};
    const PoolId first =
        std::find_if(record.rules.begin(), record.rules.end(), [&](const Rule& rule) {
          return is_met(rule, place_, client_);
        })->pool;
    if (faces_below({first}).empty()) return {};
    if (!record.until_checked.empty() && nobody_is_known_up(first) && somebody_waits(first)) {
      expected_.unchecked = true;
      take(record.until_checked);
      if (record.until_checked.pool) take_as_if_up(*record.until_checked.pool);
    } else if (const auto pool = serving(first)) {
      pick(*pool, kMaxAddresses);
    } else {
      expected_.last_resort = true;
      take_last_resort(record, first);
    }
    return expected_;
  }

 private:
  struct Seen {
    EndpointId endpoint{};
    Standing standing;
  };

  // --- Who is there, and how well.

  void collect(const Member& member, std::vector<Seen>& seen) const {
    if (const EndpointId* endpoint = member.endpoint()) {
      for (const Face& face : plan_[*endpoint].faces_of(family_)) {
        seen.push_back({*endpoint, board_[face.subject]});
      }
      return;
    }
    for (const Member& below : plan_[*member.pool()].members) collect(below, seen);
  }
  // Of the members below, not of what pools spill to.
  [[nodiscard]] std::vector<Seen> faces_below(const Member& member) const {
    std::vector<Seen> seen;
    collect(member, seen);
    return seen;
  }

  // 2: enough, 1: some, 0: none.
  [[nodiscard]] int level(const Member& member) const {
    const auto faces = faces_below(member);
    if (faces.empty()) return 0;
    if (member.endpoint() != nullptr) {
      return std::any_of(faces.begin(), faces.end(),
                         [](const Seen& one) { return one.standing.is_served(); })
                 ? 2
                 : 0;
    }
    int best = 0;
    for (auto id = std::optional(*member.pool()); id; id = plan_[*id].then) {
      best = std::max(best, level_of_pool(*id));
    }
    return best;
  }
  [[nodiscard]] int level_of_pool(PoolId id) const {
    std::size_t enough = 0;
    bool some = false;
    for (const Member& member : plan_[id].members) {
      const int one = level(member);
      if (one == 2) ++enough;
      some = some || one > 0;
    }
    if (enough > 0 && enough >= plan_[id].min_healthy) return 2;
    return some ? 1 : 0;
  }

  [[nodiscard]] std::optional<PoolId> serving(PoolId first) const {
    for (const int wanted : {2, 1}) {
      for (auto id = std::optional(first); id; id = plan_[*id].then) {
        if (level_of_pool(*id) >= wanted) return id;
      }
    }
    return std::nullopt;
  }

  // Everybody whom this pool or one along its `then` can lead to.
  void collect_all(const Member& member, std::vector<Seen>& seen) const {
    if (member.endpoint() != nullptr) return collect(member, seen);
    if (faces_below(member).empty()) return;  // a family is there or not
    for (auto id = std::optional(*member.pool()); id; id = plan_[*id].then) {
      for (const Member& below : plan_[*id].members) collect_all(below, seen);
    }
  }
  static bool is_waiting(const Standing& standing) {
    return standing.state == State::Unknown && standing.force == Force::None && !standing.held &&
           !standing.rescued;
  }
  [[nodiscard]] bool nobody_is_known_up(PoolId first) const {
    std::vector<Seen> seen;
    collect_all({first}, seen);
    return std::none_of(seen.begin(), seen.end(), [](const Seen& one) {
      return one.standing.is_served() && !is_waiting(one.standing);
    });
  }
  [[nodiscard]] bool somebody_waits(PoolId first) const {
    std::vector<Seen> seen;
    collect_all({first}, seen);
    return std::any_of(seen.begin(), seen.end(),
                       [](const Seen& one) { return is_waiting(one.standing); });
  }

  // --- Where health does not decide.

  void take(const Fixed& fixed) {
    expected_.target = fixed.target ? &*fixed.target : nullptr;
    for (const IpAddress& address : fixed.addresses) {
      if (address.family() == family_) expected_.addresses.push_back(address);
    }
  }

  void take_last_resort(const DynamicRecord& record, PoolId first) {
    switch (record.all_down) {
      case AllDown::All:
        return take_as_if_up(first);
      case AllDown::LastHealthy:
        return take_last_healthy(first);
      case AllDown::Fallback:
        take(record.fallback);
        if (!record.fallback.pool) return;
        if (level_of_pool(*record.fallback.pool) > 0) return pick(*record.fallback.pool, 100);
        return take_as_if_up(*record.fallback.pool);
      case AllDown::NoData:
        return;
      case AllDown::ServFail:
        expected_.servfail = true;
    }
  }

  // The mildest of what operators said that leaves anybody.
  [[nodiscard]] std::function<bool(const Standing&)> mildest(PoolId pool) const {
    const auto seen = faces_below({pool});
    for (const auto& forces : {std::vector{Force::None, Force::Up}, std::vector{Force::Drained},
                               std::vector{Force::Down}}) {
      const auto allowed = [forces](const Standing& standing) {
        return has(forces, standing.force);
      };
      if (std::any_of(seen.begin(), seen.end(),
                      [&](const Seen& one) { return allowed(one.standing); })) {
        return allowed;
      }
    }
    return [](const Standing&) { return true; };
  }

  void take_as_if_up(PoolId pool) {
    admits_ = mildest(pool);
    pick(pool, kMaxAddresses);
  }

  void take_last_healthy(PoolId pool) {
    const auto allowed = mildest(pool);
    const auto stands = [](const Standing& standing) {
      return standing.state == State::Up || standing.state == State::Failing;
    };
    Instant latest{};
    bool one_stands = false;
    for (const Seen& one : faces_below({pool})) {
      if (!allowed(one.standing)) continue;
      one_stands = one_stands || stands(one.standing);
      latest = std::max(latest, one.standing.fell);
    }
    admits_ = [=](const Standing& standing) {
      if (!allowed(standing)) return false;
      if (one_stands) return stands(standing);
      if (latest == Instant{}) return true;
      const auto beat = std::chrono::milliseconds(standing.beat);
      return standing.fell != Instant{} && latest - standing.fell <= beat + beat / 5;
    };
    pick(pool, kMaxAddresses);
  }

  // --- Picking.

  [[nodiscard]] bool is_admitted(const Standing& standing) const {
    return admits_ ? admits_(standing) : standing.is_served();
  }
  [[nodiscard]] bool is_admitted(PoolId pool, const Member& member) const {
    if (!admits_ && member.pool() != nullptr) {
      const auto& members = plan_[pool].members;
      const bool strong = std::any_of(members.begin(), members.end(),
                                      [&](const Member& one) { return level(one) == 2; });
      return level(member) >= (strong ? 2 : 1);
    }
    const auto faces = faces_below(member);
    return std::any_of(faces.begin(), faces.end(),
                       [&](const Seen& one) { return is_admitted(one.standing); });
  }

  // Whether the endpoint is one of those that the pool would serve from.
  [[nodiscard]] bool can_serve(PoolId first, EndpointId endpoint) const {
    const auto pool = admits_ ? std::optional(first) : serving(first);
    if (!pool) return false;
    for (const Member& member : plan_[*pool].members) {
      if (!is_admitted(*pool, member)) continue;
      if (member.endpoint() != nullptr && *member.endpoint() == endpoint) return true;
      if (member.pool() != nullptr && can_serve(*member.pool(), endpoint)) return true;
    }
    return false;
  }

  void pick(PoolId id, std::size_t room) {
    const Pool& pool = plan_[id];
    if (pool.max != 0) room = std::min<std::size_t>(room, pool.max);
    const std::size_t end = expected_.addresses.size() + room;
    const bool just_one = pool.max == 0 && pool.pick != Pick::All && pool.pick != Pick::Nearest;
    if (pool.pick == Pick::Nearest) return pick_nearest(id, end);
    std::vector<std::uint32_t> candidates = ranking(id);
    std::erase_if(candidates, [&](std::uint32_t i) { return !is_admitted(id, pool.members[i]); });
    while (!candidates.empty() && expected_.addresses.size() < end) {
      const std::size_t next = pool.pick == Pick::Weighted ? draw(pool, candidates) : 0;
      const std::uint32_t member = candidates[next];
      candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(next));
      take(pool.members[member], end);
      if (just_one) return;
    }
  }

  // As written, but by score for `sticky`.
  std::vector<std::uint32_t> ranking(PoolId id) const {
    const Pool& pool = plan_[id];
    std::vector<std::uint32_t> ranking(pool.members.size());
    for (std::uint32_t i = 0; i < ranking.size(); ++i) ranking[i] = i;
    if (pool.pick != Pick::Sticky) return ranking;
    const auto network = client_.masked(pool.sticky_bits[client_.family() == Family::V4 ? 0 : 1]);
    std::stable_sort(ranking.begin(), ranking.end(), [&](std::uint32_t a, std::uint32_t b) {
      return sticky_score(pool.members[a].key, network, weight(pool.members[a])) >
             sticky_score(pool.members[b].key, network, weight(pool.members[b]));
    });
    return ranking;
  }

  [[nodiscard]] std::uint32_t weight(const Member& member) const {
    const auto faces = faces_below(member);
    if (member.pool() != nullptr || faces.empty()) return member.weight;
    return faces[0].standing.weight.value_or(member.weight);
  }

  std::size_t draw(const Pool& pool, const std::vector<std::uint32_t>& candidates) {
    std::vector<std::size_t> possible;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (weight(pool.members[candidates[i]]) > 0) possible.push_back(i);
    }
    if (possible.empty()) return draws_.draw(candidates.size());
    return possible[draws_.draw(possible.size())];
  }

  void take(const Member& member, std::size_t end) {
    if (const EndpointId* endpoint = member.endpoint()) {
      for (const Face& face : plan_[*endpoint].faces_of(family_)) {
        auto& addresses = expected_.addresses;
        if (addresses.size() < end && is_admitted(board_[face.subject]) &&
            !has(addresses, face.address)) {
          addresses.push_back(face.address);
        }
      }
      return;
    }
    const auto pool = admits_ ? std::optional(*member.pool()) : serving(*member.pool());
    if (pool) pick(*pool, end - expected_.addresses.size());
  }

  // --- nearest

  struct Spot {
    std::size_t listed;
    double km;
    std::uint32_t member;
    EndpointId endpoint;
    int group = 0;
  };

  void collect_endpoints(const Member& member, std::vector<EndpointId>& found) const {
    if (const EndpointId* endpoint = member.endpoint()) {
      if (plan_[*endpoint].has(family_) && !has(found, *endpoint)) found.push_back(*endpoint);
      return;
    }
    for (auto id = std::optional(*member.pool()); id; id = plan_[*id].then) {
      for (const Member& below : plan_[*id].members) collect_endpoints(below, found);
    }
  }

  [[nodiscard]] const std::vector<std::uint32_t>* written_order(const Pool& pool) const {
    for (const std::string& place :
         {place_.subdivision, place_.country ? std::string(place_.country->text()) : ""}) {
      if (place.empty()) continue;
      for (const PlaceOrder& order : pool.order) {
        if (order.place == place) return &order.members;
      }
    }
    return place_.country || place_.coordinates ? nullptr : &pool.order_elsewhere;
  }

  [[nodiscard]] double km_to(const Endpoint& endpoint) const {
    if (!place_.coordinates || !endpoint.at) return HUGE_VAL;
    const double km = geo::distance_km(*place_.coordinates, *endpoint.at);
    const double part = std::abs(endpoint.bias) / 100.0;
    return endpoint.bias < 0 ? km / (1 - part) : km * (1 - part);
  }

  [[nodiscard]] std::vector<Spot> spots(const Pool& pool) const {
    const auto* order = written_order(pool);
    std::vector<Spot> spots;
    for (std::uint32_t i = 0; i < pool.members.size(); ++i) {
      std::size_t listed = 1000;
      if (order != nullptr && has(*order, i)) {
        listed =
            static_cast<std::size_t>(std::find(order->begin(), order->end(), i) - order->begin());
      }
      std::vector<EndpointId> endpoints;
      collect_endpoints(pool.members[i], endpoints);
      for (const EndpointId one : endpoints) spots.push_back({listed, km_to(plan_[one]), i, one});
    }
    std::stable_sort(spots.begin(), spots.end(), [](const Spot& a, const Spot& b) {
      return std::tie(a.listed, a.km) < std::tie(b.listed, b.km);
    });
    double nearest = -1;  // of the group; -1: the group is closed
    for (std::size_t i = 1; i < spots.size(); ++i) {
      const Spot& before = spots[i - 1];
      if (nearest < 0 && before.listed == 1000 && before.km < HUGE_VAL) nearest = before.km;
      const bool joins = nearest >= 0 && spots[i].km <= nearest * 1.05;
      spots[i].group = before.group + (joins ? 0 : 1);
      if (!joins) nearest = -1;
    }
    return spots;
  }

  void pick_nearest(PoolId id, std::size_t end) {
    const Pool& pool = plan_[id];
    std::set<std::uint32_t> taken;
    std::optional<int> group;
    for (const Spot& spot : spots(pool)) {
      if (expected_.addresses.size() >= end) return;
      if (pool.max == 0 && group && spot.group != *group) return;
      const Member& member = pool.members[spot.member];
      if (taken.contains(spot.member) || !is_admitted(id, member)) continue;
      if (!is_admitted(id, {spot.endpoint})) continue;
      if (member.pool() != nullptr && !can_serve(*member.pool(), spot.endpoint)) continue;
      group = spot.group;
      taken.insert(spot.member);
      take(member, end);
    }
  }

  const Plan& plan_;
  const health::Board& board_;
  Family family_;
  IpAddress client_;
  const geo::Location& place_;
  Draws& draws_;
  Expected expected_;
  std::function<bool(const Standing&)> admits_;  // none: health
};

}  // namespace

std::set<Expected> expect(const Plan& plan, const geo::Map& map, const health::Board& board,
                          zones::DynamicId record, Family family, const IpAddress& client) {
  std::set<Expected> all;
  Draws draws;
  do {
    all.insert(Reference(plan, map, board, family, client, draws).decide(plan[record]));
  } while (draws.advance());
  return all;
}

}  // namespace steering
