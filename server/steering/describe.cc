#include "server/steering/describe.h"

#include <algorithm>

#include "server/steering/decide.h"

namespace steering {
namespace {

using std::chrono::seconds;
using Addresses = std::span<const dnswire::IpAddress>;

std::string why_chosen(const Trace::Member& member, const Pool& pool, const Eligible& eligible) {
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
      return member.distance ? "nearest" : "no distance known, order as written";
  }
  return {};
}

// Of one that might have been picked.
std::string why_passed_over(const Trace::Member& member, const Pool& pool,
                            const Eligible& eligible) {
  const std::string healthy = eligible.by == Eligible::By::Health ? "healthy, but " : "";
  switch (pool.pick) {
    case Pick::All:
      return "over max";
    case Pick::Failover:
      return healthy + "later in order";
    case Pick::Weighted:
      return "not drawn this time";
    case Pick::Nearest:
      return member.distance ? healthy + "farther away" : "no distance known";
  }
  return {};
}

std::string why(const Trace::Member& member, const Pool& pool, bool serves,
                const Eligible& eligible) {
  if (!member.address) return "no address of this family";
  if (member.chosen) return why_chosen(member, pool, eligible);
  const health::Standing& standing = member.standing;
  const bool by_health = eligible.by == Eligible::By::Health;
  if (serves && eligible.admits(standing)) return why_passed_over(member, pool, eligible);
  if (serves && !by_health && standing.force == health::Force::None) {
    return standing.fell == health::Instant{} ? "never was healthy" : "fell earlier";
  }
  if (!standing.is_served()) return "is " + std::string(to_text(standing));
  return "its pool does not serve";
}

struct PoolRole {
  bool serves = false;
  bool stands_in = false;
};

Trace::VisitedPool describe_pool(const Situation& now, PoolId id, PoolRole role,
                                 const Eligible& eligible, Addresses picked) {
  const Pool& pool = now.plan[id];
  Trace::VisitedPool result{id, count_members(now, pool).healthy, role.serves, role.stands_in, {}};
  for (const Member& member : pool.members) {
    const Endpoint& endpoint = now.plan[member.endpoint];
    Trace::Member line;
    line.endpoint = member.endpoint;
    line.weight = member.weight;
    if (const Face* face = now.face(member.endpoint)) {
      line.address = face->address;
      line.subject = face->subject;
      line.standing = now.standing(*face);
      line.chosen =
          role.serves && std::find(picked.begin(), picked.end(), face->address) != picked.end();
      if (pool.pick == Pick::Nearest) line.distance = distance_to(now, endpoint);
    }
    line.why = why(line, pool, role.serves, eligible);
    result.members.push_back(std::move(line));
  }
  return result;
}

void describe_pools(const Situation& now, PoolId first, const Course& course, bool stands_in,
                    Addresses picked, Trace& trace) {
  for (std::optional<PoolId> id = first; id; id = now.plan[*id].then) {
    const bool serves = course.pool == id && !stands_in;
    trace.pools.push_back(describe_pool(now, *id, {serves, false}, course.eligible, picked));
    if (course.by == Course::By::NoFamily) break;
    // A pool with too few serves only after those behind it were asked as well.
    const bool enough = trace.pools.back().healthy >= now.plan[*id].min_healthy;
    if (course.by == Course::By::Health && serves && enough) break;
  }
  if (stands_in) {
    trace.pools.push_back(describe_pool(now, *course.pool, {true, true}, course.eligible, picked));
  }
}

// "pool spare" or "fixed addresses"
std::string text_of(const Plan& plan, const Fixed& fixed) {
  return fixed.pool ? "pool " + plan[*fixed.pool].name : "fixed addresses";
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
  const health::Standing& standing = now.standing(*now.face(rests.whose));
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

void describe(const Situation& now, const DynamicRecord& record, PoolId first, const Course& course,
              Addresses picked, Trace& trace) {
  const bool named = course.by == Course::By::UntilChecked ||
                     (course.by == Course::By::LastResort && record.all_down == AllDown::Fallback);
  describe_pools(now, first, course, course.pool && named, picked, trace);
  trace.instead = instead_text(now, record, course);
  trace.heeds_health = course.pool && course.eligible.by == Eligible::By::Health;
  trace.ttl_because = ttl_text(record, now, course.rests);
}

}  // namespace steering
