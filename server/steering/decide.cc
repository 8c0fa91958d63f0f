#include "server/steering/decide.h"

#include <algorithm>

#include "server/steering/course.h"
#include "server/steering/describe.h"
#include "server/steering/rule.h"
#include "server/steering/select.h"
#include "server/steering/trace.h"

namespace steering {
namespace {

using std::chrono::seconds;

// Steadiness, within what the record allows; an override may ask for less than that.
dnswire::Ttl ttl_of(const DynamicRecord& record, const Steadiness& rests) noexcept {
  const seconds ttl{record.ttl.count()};
  const seconds ttl_min{record.ttl_min.count()};
  const seconds steady = std::min(std::clamp(rests.time, ttl_min, ttl), rests.cap);
  return dnswire::Ttl(static_cast<std::uint32_t>(steady.count()));
}

// Writes the addresses of the course to the workspace, best first.
void follow(const Situation& now, Course& course, Workspace& workspace, Picks* picks) {
  if (course.pool) {
    return select(now, *course.pool, course.eligible, workspace, course.rests, picks);
  }
  for (const dnswire::IpAddress& address : course.fixed) {
    if (address.family() == now.family) workspace.addresses.push_back(address);
  }
}

Decision alias(const DynamicRecord& record) noexcept {
  Decision decision;
  decision.target = &*record.alias;
  decision.ttl = record.ttl;
  return decision;
}

Decision to_decision(const DynamicRecord& record, const Course& course,
                     const Workspace& workspace) noexcept {
  Decision decision;
  decision.addresses = workspace.addresses;
  decision.target = course.target;
  decision.ttl =
      course.by == Course::By::NoFamily ? dnswire::kMaxTtl : ttl_of(record, course.rests);
  decision.last_resort = course.by == Course::By::LastResort;
  decision.unchecked = course.by == Course::By::UntilChecked;
  decision.servfail = course.servfail;
  return decision;
}

}  // namespace

Decision decide(const Plan& plan, const Atlas& atlas, const health::Board& board,
                zones::DynamicId id, dnswire::Family family, const dnswire::IpAddress& address,
                Workspace& workspace, Trace* trace) {
  const DynamicRecord& record = plan[id];
  workspace.addresses.clear();
  if (record.alias) return alias(record);
  const dnswire::IpAddress client = address.unwrapped();
  const Chart& chart = atlas.chart(id, family);
  const Chart::Spot spot = chart.find(client);
  const Situation now{plan, board, family, chart, *spot.of, client};

  Course course = find_course(now, record, spot.of->pool);
  if (trace == nullptr) {
    follow(now, course, workspace, nullptr);
  } else {
    Picks picks;
    follow(now, course, workspace, &picks);
    trace->rule = find_rule(record, trace->location, client);
    describe(now, record, course, {workspace.addresses, picks}, *trace);
    trace->scope_because = describe_scope(spot);
  }
  Decision decision = to_decision(record, course, workspace);
  decision.scope = spot.depth;
  return decision;
}

std::optional<Decision> decide_for_class(const Plan& plan, const Atlas& atlas,
                                         const health::Board& board, zones::DynamicId id,
                                         dnswire::Family family, const Chart::Class& of,
                                         Workspace& workspace) {
  const DynamicRecord& record = plan[id];
  workspace.addresses.clear();
  workspace.is_individual = false;
  if (record.alias) return alias(record);
  const dnswire::IpAddress nobody;
  const Situation now{plan, board, family, atlas.chart(id, family), of, nobody};
  Course course = find_course(now, record, of.pool);
  follow(now, course, workspace, nullptr);
  if (workspace.is_individual) return std::nullopt;
  return to_decision(record, course, workspace);
}

}  // namespace steering
