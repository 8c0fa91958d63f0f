#include "server/steering/decide.h"

#include <algorithm>

#include "server/steering/select.h"
#include "server/steering/trace.h"

namespace steering {
namespace {

using std::chrono::seconds;

const geo::Location kNowhere;

// The depth of the client's address that a decision rests on, grown test by test. Two clients that
// share that many bits pass the same tests with the same results, so scopes never overlap
// (RFC 7871 7.2.1).
class Scope {
 public:
  // A test that looks at the client rests on one bit at least: scope 0 would say that clients of
  // the other family get the same (RFC 7871 7.3.1).
  void grow(std::uint8_t depth, const char* because) noexcept {
    depth = std::max<std::uint8_t>(depth, 1);
    if (depth <= depth_) return;
    depth_ = depth;
    because_ = because;
  }
  [[nodiscard]] std::uint8_t depth() const noexcept { return depth_; }
  [[nodiscard]] const char* because() const noexcept { return because_; }

 private:
  std::uint8_t depth_ = 0;
  const char* because_ = "every client gets the same";
};

template <class T>
bool contains(const std::vector<T>& values, const std::optional<T>& value) {
  return value && std::find(values.begin(), values.end(), *value) != values.end();
}

bool matches(const Rule& rule, const Client& client, const geo::Placement& place, Scope& scope) {
  if (rule.catches_all()) return true;
  if (!rule.nets.empty()) {
    const auto match = rule.nets.match(client.address);
    scope.grow(match.depth, "a rule asks for the network");
    return match.contained;
  }
  scope.grow(place.depth, "a rule asks for the place");
  return contains(rule.continents, place.location->continent) ||
         contains(rule.countries, place.location->country);
}

// Index of the first rule that matches. The last one catches all, the loader sees to it.
std::size_t find_rule(const DynamicRecord& record, const Client& client,
                      const geo::Placement& place, Scope& scope) {
  const std::size_t last = record.rules.size() - 1;
  for (std::size_t i = 0; i < last; ++i) {
    if (matches(record.rules[i], client, place, scope)) return i;
  }
  return last;
}

// Goes from pool to pool along `then` and says which one serves.
struct Spill {
  PoolId serves;
  bool last_resort = false;  // nobody is healthy: `serves` is the first pool, as if all were up
  Steadiness steadiness;     // of the pools that were passed over
};

void rest_on_all(const Situation& now, const Pool& pool, Steadiness& steadiness) {
  for (const Member& member : pool.members) {
    steadiness.rest_on(now.plan, now.board, member.endpoint, now.family);
  }
}

Spill find_serving_pool(const Situation& now, PoolId first) {
  Spill spill{first, true, {}};
  for (std::optional<PoolId> id = first; id; id = now.plan[*id].then) {
    const Pool& pool = now.plan[*id];
    const Census census = count_members(now, pool);
    if (census.healthy >= pool.min_healthy) {
      // Whoever keeps the pool above min_healthy matters, though it may not be picked.
      if (pool.then && pool.min_healthy > 1) rest_on_all(now, pool, spill.steadiness);
      return {*id, false, spill.steadiness};
    }
    rest_on_all(now, pool, spill.steadiness);
    // Too few, yet some: serves if no pool behind it has enough.
    if (census.healthy > 0 && spill.last_resort) {
      spill.serves = *id;
      spill.last_resort = false;
    }
  }
  return spill;
}

dnswire::Ttl clamp_ttl(const DynamicRecord& record, seconds steady) noexcept {
  const seconds ttl{record.ttl.count()};
  const seconds ttl_min{record.ttl_min.count()};
  return dnswire::Ttl(static_cast<std::uint32_t>(std::clamp(steady, ttl_min, ttl).count()));
}

std::string ttl_because(const DynamicRecord& record, const Situation& now,
                        const Steadiness& rests) {
  const auto text = [](auto duration) { return std::to_string(duration.count()) + "s"; };
  if (rests.time == seconds::max()) return "no check can change this answer: ttl";
  const Endpoint& endpoint = now.plan[rests.whose];
  const std::string& whose = endpoint.name;
  if (now.board[*endpoint.face(now.family)->target].state == health::State::Unknown) {
    return whose + " has no verdict yet: ttl_min";
  }
  if (rests.time == seconds(0)) return whose + " can change within a second, so ttl_min limits";
  std::string flip = whose + " can change in " + text(rests.time) + " at the earliest";
  if (rests.time > record.ttl) return flip + ", so ttl limits";
  if (rests.time < record.ttl_min) return flip + ", so ttl_min limits";
  return flip;
}

void describe_pools(const Situation& now, PoolId first, const Spill& spill,
                    std::span<const dnswire::IpAddress> picked, Trace& trace) {
  bool reached = false;
  for (std::optional<PoolId> id = first; id && !reached; id = now.plan[*id].then) {
    const bool serves = *id == spill.serves;
    using Addresses = std::span<const dnswire::IpAddress>;
    trace.pools.push_back(describe(now, *id, serves, serves ? picked : Addresses{}));
    // A pool with too few serves only after those behind it were asked as well.
    reached = serves && trace.pools.back().healthy >= now.plan[*id].min_healthy;
  }
}

}  // namespace

Decision decide(const Plan& plan, zones::DynamicId id, dnswire::Family family, const Client& client,
                const geo::Map& map, const health::Board& board, Workspace& workspace,
                Trace* trace) {
  const DynamicRecord& record = plan[id];
  const geo::Placement place =
      client.is_placeless ? geo::Placement{&kNowhere, 0} : map.locate(client.address);
  Scope scope;
  const std::size_t rule = find_rule(record, client, place, scope);
  const PoolId first = record.rules[rule].pool;
  const Situation now{plan, board, family, place.location->coordinates};

  workspace.addresses.clear();
  Spill spill{first, false, {}};
  Census census = count_members(now, plan[first]);
  if (census.present > 0) {
    spill = find_serving_pool(now, first);
    census = count_members(now, plan[spill.serves]);
    select(now, plan[spill.serves], spill.last_resort, workspace, spill.steadiness);
    if (plan[spill.serves].pick == Pick::Nearest && census.present > 1) {
      scope.grow(place.depth, "the nearest endpoint is sought");
    }
  }
  const dnswire::Ttl ttl =
      census.present > 0 ? clamp_ttl(record, spill.steadiness.time) : record.ttl;

  if (trace != nullptr) {
    trace->location = place.location;
    trace->location_depth = place.depth;
    trace->rule = rule;
    describe_pools(now, first, spill, workspace.addresses, *trace);
    trace->ttl_because = ttl_because(record, now, spill.steadiness);
    trace->scope_because = scope.because();
  }
  return {workspace.addresses, ttl, scope.depth(), spill.last_resort};
}

}  // namespace steering
