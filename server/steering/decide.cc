#include "server/steering/decide.h"

#include <algorithm>

#include "server/steering/course.h"
#include "server/steering/describe.h"
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

// Steadiness, within what the record allows; an override may ask for less than that.
dnswire::Ttl ttl_of(const DynamicRecord& record, const Steadiness& rests) noexcept {
  const seconds ttl{record.ttl.count()};
  const seconds ttl_min{record.ttl_min.count()};
  const seconds steady = std::min(std::clamp(rests.time, ttl_min, ttl), rests.cap);
  return dnswire::Ttl(static_cast<std::uint32_t>(steady.count()));
}

// Writes the addresses of the course to the workspace, best first.
void follow(const Situation& now, const geo::Placement& place, Course& course, Scope& scope,
            Workspace& workspace) {
  workspace.addresses.clear();
  if (!course.pool) {
    for (const dnswire::IpAddress& address : course.fixed) {
      if (address.family() == now.family) workspace.addresses.push_back(address);
    }
    return;
  }
  const Pool& pool = now.plan[*course.pool];
  select(now, pool, course.eligible, workspace, course.rests);
  if (looks_at_place(pool, course.present)) {
    scope.grow(place.depth, "the nearest endpoint is sought");
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

  Course course = find_course(now, record, first);
  follow(now, place, course, scope, workspace);
  if (trace != nullptr) {
    trace->location = place.location;
    trace->location_depth = place.depth;
    trace->rule = rule;
    describe(now, record, first, course, workspace.addresses, *trace);
    trace->scope_because = scope.because();
  }
  Decision decision;
  decision.addresses = workspace.addresses;
  decision.ttl =
      course.by == Course::By::NoFamily ? dnswire::kMaxTtl : ttl_of(record, course.rests);
  decision.scope = scope.depth();
  decision.last_resort = course.by == Course::By::LastResort;
  decision.unchecked = course.by == Course::By::UntilChecked;
  decision.servfail = course.servfail;
  return decision;
}

}  // namespace steering
