#include "server/steering/describe.h"

#include <algorithm>

#include "server/steering/decide.h"
#include "server/steering/faces.h"
#include "server/steering/order.h"

namespace steering {
namespace {

using std::chrono::seconds;

// `listed`: the order that names the member for the client's place; empty: distance decides.
std::string why_chosen(const Trace::Member& member, const Pool& pool, const Eligible& eligible,
                       const std::string& listed) {
  if (eligible.by != Eligible::By::Health) {
    return eligible.fell == health::Instant{} ? "served as if up" : "among the last to fall";
  }
  switch (pool.pick) {
    case Pick::All:
      return "every healthy member is served";
    case Pick::Failover:
      return "first healthy in order";
    case Pick::Weighted:
      return "drawn by weight";
    case Pick::Nearest:
      if (!listed.empty()) return "first healthy in " + listed;
      return member.distance ? "nearest" : "no distance known, first healthy in order";
    case Pick::Sticky:
      return "highest score for the client's network";
  }
  return {};
}

// Of one that might have been picked.
std::string why_passed_over(const Trace::Member& member, const Pool& pool, const Eligible& eligible,
                            const std::string& listed) {
  const std::string healthy = eligible.by == Eligible::By::Health ? "healthy, but " : "";
  switch (pool.pick) {
    case Pick::All:
      return "over max";
    case Pick::Failover:
      return healthy + "later in order";
    case Pick::Weighted:
      return "not drawn this time";
    case Pick::Nearest:
      if (!listed.empty()) return healthy + "later in " + listed;
      return healthy + (member.distance ? "farther away" : "later in order");
    case Pick::Sticky:
      return healthy + "lower score for the client's network";
  }
  return {};
}

bool is_admitted(const Trace::Member& member, const Eligible& eligible) {
  return std::ranges::any_of(member.addresses, [&](const Trace::Address& address) {
    return eligible.admits(address.standing);
  });
}

// Of an endpoint that is not eligible.
std::string why_out(const Trace::Member& member, const Eligible& eligible) {
  const health::Standing& standing = member.addresses.front().standing;
  if (eligible.by != Eligible::By::Health && standing.force == health::Force::None) {
    return standing.fell == health::Instant{} ? "never was healthy" : "fell earlier";
  }
  return "is " + std::string(to_text(standing));
}

std::string why(const Trace::Member& member, const Pool& pool, bool serves,
                const Eligible& eligible, const std::string& listed) {
  if (member.addresses.empty()) return "no address of this family";
  if (member.chosen) return why_chosen(member, pool, eligible, listed);
  if (serves && is_admitted(member, eligible)) {
    return why_passed_over(member, pool, eligible, listed);
  }
  if (serves || !is_admitted(member, Eligible{})) return why_out(member, eligible);
  return "its pool does not serve";
}

class Describer {
 public:
  Describer(const Situation& now, const Course& course, const Outcome& outcome, Trace& trace)
      : now_(now), course_(course), outcome_(outcome), trace_(trace) {}

  void describe_pools(bool stands_in) {
    const PoolId first = now_.of.pool;
    const PoolId* serving = course_.pool && !stands_in ? &*course_.pool : nullptr;
    trace_.pools = chain(first, serving, course_.by == Course::By::NoFamily);
    if (!stands_in) return;
    trace_.pools.push_back(visit(*course_.pool, true));
    trace_.pools.back().stands_in = true;
  }

 private:
  // The pools along `then`, up to the one that serves, if any, or, if it has too few, to the end.
  std::vector<Trace::VisitedPool> chain(PoolId first, const PoolId* serving, bool alone) {
    std::vector<Trace::VisitedPool> pools;
    for (std::optional<PoolId> id = first; id; id = now_.plan[*id].then) {
      const bool serves = serving != nullptr && *serving == *id;
      pools.push_back(visit(*id, serves));
      const bool enough = pools.back().healthy >= now_.plan[*id].min_healthy;
      const bool by_health = course_.eligible.by == Eligible::By::Health;
      if (alone || (serves && (enough || !by_health))) break;
    }
    return pools;
  }

  Trace::VisitedPool visit(PoolId id, bool serves) {
    const Pool& pool = now_.plan[id];
    Trace::VisitedPool result{id, count_members(now_, pool).healthy, serves, false, {}};
    for (std::uint32_t i = 0; i < pool.members.size(); ++i) {
      result.members.push_back(describe_member(id, i, serves));
    }
    return result;
  }

  Trace::Member describe_member(PoolId id, std::uint32_t index, bool serves) {
    const Pool& pool = now_.plan[id];
    const Member& member = pool.members[index];
    Trace::Member line;
    line.weight = weight_of(now_, member);
    line.chosen =
        serves && std::ranges::find(outcome_.picks, std::pair(id, index)) != outcome_.picks.end();
    if (const EndpointId* endpoint = member.endpoint()) {
      describe_endpoint(*endpoint, line);
      if (pool.pick == Pick::Nearest) line.distance = distance_to(*endpoint);
      line.why = why(line, pool, serves, course_.eligible, listed(pool, index));
    } else {
      line.pools = below(*member.pool(), line.chosen);
      if (pool.pick == Pick::Nearest) line.distance = distance_to(*member.pool());
      line.why = why_pool(line, pool, index, serves);
    }
    return line;
  }

  // Of a member that is a pool.
  [[nodiscard]] std::string why_pool(const Trace::Member& line, const Pool& pool,
                                     std::uint32_t index, bool serves) const {
    const Member& member = pool.members[index];
    const Eligible& eligible = course_.eligible;
    bool is_present = false;
    const bool is_admitted = any_face(now_, member, [&](EndpointId, const Face& face) {
      is_present = true;
      return eligible.admits(now_.standing(face));
    });
    if (!is_present) return "no address of this family";
    if (line.chosen) return why_chosen(line, pool, eligible, listed(pool, index));
    if (!serves) return "its pool does not serve";
    if (eligible.by != Eligible::By::Health) {
      return is_admitted ? why_passed_over(line, pool, eligible, listed(pool, index))
                         : "nobody of it may be served";
    }
    switch (strength_of(now_, member)) {
      case Strength::None:
        return "nobody of it is healthy";
      case Strength::Some:
        return "too few of it are healthy";
      case Strength::Enough:
        return why_passed_over(line, pool, eligible, listed(pool, index));
    }
    return {};
  }

  // "the order for JP", if that names the member; else empty.
  [[nodiscard]] std::string listed(const Pool& pool, std::uint32_t index) const {
    if (pool.pick != Pick::Nearest) return {};
    const auto names = [index](const std::vector<std::uint32_t>& members) {
      return std::ranges::find(members, index) != members.end();
    };
    const geo::Location& place = trace_.location;
    if (const PlaceOrder* order = find_place_order(pool, place)) {
      return names(order->members) ? "the order for " + order->place : "";
    }
    const bool is_unknown = !place.coordinates && !place.country;
    return is_unknown && names(pool.order_elsewhere) ? "the order for unknown places" : "";
  }

  void describe_endpoint(EndpointId id, Trace::Member& line) {
    line.endpoint = id;
    for (const Face& face : now_.faces(id)) {
      const bool is_picked =
          std::ranges::find(outcome_.addresses, face.address) != outcome_.addresses.end();
      line.addresses.push_back(
          {face.address, face.subject, now_.standing(face), line.chosen && is_picked});
    }
  }

  [[nodiscard]] std::optional<double> distance_to(EndpointId id) const {
    const auto& at = now_.plan[id].at;
    if (!at || !trace_.location.coordinates) return std::nullopt;
    return geo::distance_km(*trace_.location.coordinates, *at);
  }

  // That of the nearest endpoint that serves for the pool.
  [[nodiscard]] std::optional<double> distance_to(PoolId first) const {
    Steadiness ignored;
    std::optional<PoolId> serving = first;
    if (course_.eligible.by == Eligible::By::Health) serving = serving_pool(now_, first, ignored);
    std::optional<double> least;
    if (!serving) return least;
    any_face(now_, now_.plan[*serving], [&](EndpointId id, const Face& face) {
      if (!course_.eligible.admits(now_.standing(face))) return false;
      const auto distance = distance_to(id);
      if (distance && (!least || *distance < *least)) least = distance;
      return false;
    });
    return least;
  }

  // A pool that is a member, and where it spilled to.
  std::vector<Trace::VisitedPool> below(PoolId first, bool chosen) {
    if (course_.eligible.by != Eligible::By::Health) {
      return chain(first, chosen ? &first : nullptr, true);
    }
    if (!chosen) return chain(first, nullptr, strength_of(now_, {first}) == Strength::Enough);
    Steadiness ignored;
    const auto serving = serving_pool(now_, first, ignored);
    return chain(first, serving ? &*serving : nullptr, false);
  }

  const Situation& now_;
  const Course& course_;
  const Outcome& outcome_;
  Trace& trace_;
};

// "pool spare", "fixed addresses" or "tunnel.example.net."
std::string text_of(const Plan& plan, const Fixed& fixed) {
  if (fixed.pool) return "pool " + plan[*fixed.pool].name;
  if (fixed.target) return fixed.target->name.to_text();
  return "fixed addresses";
}

// Whom the last resort had to take, where it was not simply everybody.
std::string forced_out_text(const Eligible& eligible) {
  if (eligible.by == Eligible::By::Drained) return ": those that are drained, nobody else is left";
  if (eligible.by == Eligible::By::Anyone)
    return ": those that are forced down, nobody else is left";
  return {};
}

std::string instead_text(const Situation& now, const DynamicRecord& record, const Course& course) {
  if (course.by == Course::By::UntilChecked) {
    return "nobody is known to be up and somebody has no verdict yet, so until_checked serves " +
           text_of(now.plan, record.until_checked) +
           (course.pool ? " as if all were up" + forced_out_text(course.eligible) : "");
  }
  if (course.by != Course::By::LastResort) return {};
  const std::string speaks =
      "nobody is healthy, so all_down: " + std::string(to_text(record.all_down)) + " ";
  switch (record.all_down) {
    case AllDown::All:
      return speaks + "serves as if all were up" + forced_out_text(course.eligible);
    case AllDown::LastHealthy:
      if (course.eligible.fell != health::Instant{}) {
        return speaks + "serves those that were the last to fall" +
               forced_out_text(course.eligible);
      }
      return speaks + "serves as if all were up, for nobody ever was healthy" +
             forced_out_text(course.eligible);
    case AllDown::Fallback:
      if (course.eligible.by == Eligible::By::Health) {
        return speaks + "serves " + text_of(now.plan, record.fallback);
      }
      return speaks + "serves " + text_of(now.plan, record.fallback) +
             ", where nobody is healthy either, as if all were up" +
             forced_out_text(course.eligible);
    case AllDown::NoData:
      return speaks + "denies that there are addresses";
    case AllDown::ServFail:
      return speaks + "sends resolvers to another name server";
  }
  return {};
}

std::string ttl_text(const DynamicRecord& record, const Situation& now, const Steadiness& rests) {
  const auto text = [](auto duration) { return std::to_string(duration.count()) + "s"; };
  const seconds steady =
      std::clamp(rests.time, seconds(record.ttl_min.count()), seconds(record.ttl.count()));
  if (rests.cap < steady) return "the override of " + now.plan[rests.capped_by].name + " says so";
  if (rests.time == seconds::max()) return "no check can change this answer: ttl";
  const std::string& whose = now.plan[rests.whose].name;
  const health::Standing& standing = now.board[rests.subject];
  if (standing.state == health::State::Unknown && standing.force == health::Force::None) {
    return whose + " has no verdict yet: ttl_min";
  }
  if (rests.time == seconds(0)) return whose + " can change within a second, so ttl_min limits";
  std::string flip = whose + " can change in " + text(rests.time) + " at the earliest";
  if (rests.time > record.ttl) return flip + ", so ttl limits";
  if (rests.time < record.ttl_min) return flip + ", so ttl_min limits";
  return flip;
}

}  // namespace

void describe(const Situation& now, const DynamicRecord& record, const Course& course,
              const Outcome& outcome, Trace& trace) {
  const bool named = course.by == Course::By::UntilChecked ||
                     (course.by == Course::By::LastResort && record.all_down == AllDown::Fallback);
  Describer(now, course, outcome, trace).describe_pools(course.pool && named);
  trace.instead = instead_text(now, record, course);
  trace.heeds_health = course.pool && course.eligible.by == Eligible::By::Health;
  trace.ttl_because = ttl_text(record, now, course.rests);
}

std::string describe_scope(const Chart::Spot& spot) {
  if (spot.depth == 0) return "every client gets the same";
  const bool is_sticky =
      std::ranges::find(spot.of->sticky_bits, spot.depth) != spot.of->sticky_bits.end();
  if (is_sticky) return "a sticky pool looks at so many bits";
  return "the widest network around the client that is led alike";
}

}  // namespace steering
