#include "server/admin/explain_decision.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "server/steering/order.h"
#include "server/steering/select.h"
#include "server/steering/situation.h"

namespace admin {
namespace {

using steering::EndpointId;
using steering::Pick;
using steering::Pool;
using steering::PoolId;
using steering::Trace;

class Explainer {
 public:
  Explainer(const Decided& decided, const answer::Snapshot& snapshot, const HealthWords& words,
            const std::vector<bool>& assumed)
      : decided_(decided),
        plan_(*snapshot.plan),
        words_(words),
        assumed_(assumed),
        record_(plan_[decided.record]),
        client_(decided.client.unwrapped()),
        chart_(snapshot.atlas->chart(decided.record, decided.family)),
        now_{plan_, *snapshot.board, decided.family, chart_, *chart_.find(client_).of, client_} {}

  ExplainedDecision explain() {
    ExplainedDecision result;
    result.family = decided_.family;
    for (const steering::Rule& rule : record_.rules) {
      result.rules.push_back({rule.text, plan_[rule.pool].name});
    }
    result.rule = decided_.trace.rule;
    for (const auto& pool : decided_.trace.pools) result.pools.push_back(explain(pool));
    result.instead = decided_.trace.instead;
    if (!decided_.decision.addresses.empty()) result.failover = explain_failover();
    return result;
  }

 private:
  ExplainedPool explain(const Trace::VisitedPool& visited) {
    const Pool& pool = plan_[visited.pool];
    ExplainedPool result;
    result.name = pool.name;
    result.zone = pool.zone;
    result.pick = pool.pick;
    result.healthy = visited.healthy;
    result.needs = pool.min_healthy;
    result.serves = visited.serves;
    result.stands_in = visited.stands_in;
    result.has_family = steering::count_members(now_, pool).present > 0;
    const auto& group = pool.groups[static_cast<std::size_t>(decided_.family)];
    result.origin_down = group && words_.origin_is_down && words_.origin_is_down(*group);
    if (pool.then) result.then = plan_[*pool.then].name;
    if (pool.pick == Pick::Nearest) result.order_for = order_for(pool);
    const std::vector<std::uint32_t> sequence = sequence_of(visited.pool);
    for (std::uint32_t i = 0; i < visited.members.size(); ++i) {
      ExplainedMember member = explain(visited.members[i], visited.pool, i);
      const auto found = std::ranges::find(sequence, i);
      if (found != sequence.end()) {
        member.position = static_cast<std::size_t>(found - sequence.begin()) + 1;
      }
      result.members.push_back(std::move(member));
    }
    return result;
  }

  // Whose order as written it is that counts.
  std::string order_for(const Pool& pool) const {
    const geo::Location& location = decided_.trace.location;
    if (const auto* place = steering::find_place_order(pool, location)) return place->place;
    const bool is_unknown = !location.coordinates && !location.country;
    return is_unknown && !pool.order_elsewhere.empty() ? "unknown places" : "";
  }

  // The members in the order in which the pick looks at them; none: it draws.
  std::vector<std::uint32_t> sequence_of(PoolId id) const {
    const Pool& pool = plan_[id];
    std::vector<std::uint32_t> sequence;
    if (pool.pick == Pick::Nearest) {
      for (const steering::Ranked& ranked : now_.order_of(id)) {
        if (std::ranges::find(sequence, ranked.member) == sequence.end()) {
          sequence.push_back(ranked.member);
        }
      }
      return sequence;
    }
    if (pool.pick == Pick::Weighted) return sequence;
    for (std::uint32_t i = 0; i < pool.members.size(); ++i) sequence.push_back(i);
    if (pool.pick != Pick::Sticky) return sequence;
    const auto network =
        client_.masked(pool.sticky_bits[static_cast<std::size_t>(client_.family())]);
    const auto score = [&](std::uint32_t i) {
      const steering::Member& member = pool.members[i];
      return steering::sticky_score(member.key, network, steering::weight_of(now_, member));
    };
    std::ranges::stable_sort(sequence, [&](auto a, auto b) { return score(a) > score(b); });
    return sequence;
  }

  ExplainedMember explain(const Trace::Member& member, PoolId in, std::uint32_t index) {
    const steering::Member& configured = plan_[in].members[index];
    ExplainedMember result;
    result.weight = member.weight;
    result.configured_weight = configured.weight;
    result.chosen = member.chosen;
    result.why = member.why;
    if (member.endpoint) {
      result.name = plan_[*member.endpoint].name;
      result.zone = plan_[*member.endpoint].zone;
      for (const auto& address : member.addresses) result.addresses.push_back(explain(address));
      const bool is_out = !member.addresses.empty() && member.why.starts_with("is ");
      if (is_out && is_assumed(member.addresses.front().subject)) {
        result.why = "is " + result.addresses.front().state;
      }
    } else {
      result.name = plan_[*configured.pool()].name;
      result.zone = plan_[*configured.pool()].zone;
      for (const auto& pool : member.pools) result.pools.push_back(explain(pool));
    }
    if (plan_[in].pick == Pick::Nearest) measure(in, index, result);
    return result;
  }

  void measure(PoolId in, std::uint32_t index, ExplainedMember& member) const {
    const auto order = now_.order_of(in);
    const auto first = std::ranges::find(order, index, &steering::Ranked::member);
    const auto& client = decided_.trace.location.coordinates;
    if (first == order.end() || !client) return;
    const steering::Endpoint& endpoint = plan_[first->endpoint];
    if (!endpoint.at) return;
    member.distance = geo::distance_km(*client, *endpoint.at);
    member.counted_as = steering::biased_distance(endpoint, decided_.trace.location);
    member.bias = endpoint.bias;
  }

  ExplainedAddress explain(const Trace::Address& address) const {
    ExplainedAddress result{address.address,
                            standing_text(address.standing),
                            address.standing.is_served(),
                            address.chosen,
                            {}};
    if (is_assumed(address.subject)) {
      const auto force = address.standing.force;
      result.state = force == health::Force::Drained ? "assumed drained"
                     : force == health::Force::Up    ? "assumed up"
                                                     : "assumed down";
    } else {
      result.notes = standing_notes(words_, address.subject, address.standing);
    }
    return result;
  }

  bool is_assumed(health::SubjectId subject) const {
    return assumed_[static_cast<std::size_t>(subject)];
  }

  ExplainedFailover explain_failover() const {
    ExplainedFailover result;
    if (!decided_.trace.heeds_health) {
      const char* const until =
          decided_.decision.unchecked ? "checks have results" : "somebody is healthy";
      result.none = std::string("this answer stays until ") + until;
      return result;
    }
    for (const auto& pool : decided_.trace.pools) add_leaving(pool, result);
    if (!result.bound) {
      for (const std::string& who : result.stays)
        result.none += (&who == &result.stays[0] ? "" : "; ") + who;
      return result;
    }
    result.caches = decided_.decision.ttl;
    if (!decided_.decision.last_resort && count_served() == 1) {
      result.then = "all_down: " + std::string(to_text(record_.all_down));
    }
    return result;
  }

  // How those that are in the answer leave it.
  void add_leaving(const Trace::VisitedPool& pool, ExplainedFailover& failover) const {
    for (const Trace::Member& member : pool.members) {
      if (!member.chosen) continue;
      for (const auto& below : member.pools) add_leaving(below, failover);
      for (const auto& address : member.addresses) {
        if (address.chosen) add_leaving(plan_[*member.endpoint].name, address, failover);
      }
    }
  }

  void add_leaving(const std::string& name, const Trace::Address& address,
                   ExplainedFailover& failover) const {
    const auto bound = words_.bound ? words_.bound(address.subject) : std::nullopt;
    const std::string why = why_it_stays(address, bound.has_value());
    if (!why.empty()) {
      const std::string sentence = name + " stays, " + why;
      if (std::ranges::find(failover.stays, sentence) == failover.stays.end()) {
        failover.stays.push_back(sentence);
      }
    } else if (!failover.bound || bound->time > *failover.bound) {
      failover.bound = bound->time;
      failover.slowest = name + ": " + bound->checks;
    }
  }

  // Empty: it leaves when it dies.
  std::string why_it_stays(const Trace::Address& address, bool has_check) const {
    if (address.standing.force == health::Force::Up) {
      return is_assumed(address.subject) ? "it is assumed up" : "an override forces it up";
    }
    if (address.standing.held) return "its results do not count while this node seems cut off";
    return has_check ? "" : "no check judges it";
  }

  // Endpoints that an answer could go on with: along `then`, with the pools below.
  std::size_t count_served() const {
    std::set<EndpointId> served;
    for (std::optional<PoolId> id = now_.of.pool; id; id = plan_[*id].then) {
      for (const steering::Leaf& leaf : steering::leaves_of(plan_, *id, decided_.family)) {
        for (const steering::Face& face : now_.faces(leaf.endpoint)) {
          if (now_.standing(face).is_served()) served.insert(leaf.endpoint);
        }
      }
    }
    return served.size();
  }

  const Decided& decided_;
  const steering::Plan& plan_;
  const HealthWords& words_;
  const std::vector<bool>& assumed_;
  const steering::DynamicRecord& record_;
  const dnswire::IpAddress client_;
  const steering::Chart& chart_;
  const steering::Situation now_;
};

}  // namespace

ExplainedDecision explain_decision(const Decided& decided, const answer::Snapshot& snapshot,
                                   const HealthWords& words, const std::vector<bool>& assumed) {
  return Explainer(decided, snapshot, words, assumed).explain();
}

}  // namespace admin
