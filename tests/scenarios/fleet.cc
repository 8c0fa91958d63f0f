#include "tests/scenarios/fleet.h"

#include <algorithm>
#include <utility>

namespace scenarios {
namespace {

using health::Instant;
using health::SubjectId;
using health::TargetId;

// Overrides are told in whole seconds since 1970: here, since the clock began.
std::int64_t unix_time(Instant now) {
  return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
}

// Whether an endpoint is in a pool, or in one that is a member of it.
bool holds(const steering::Plan& plan, const steering::Pool& pool, steering::EndpointId id) {
  return std::ranges::any_of(pool.members, [&](const steering::Member& member) {
    return member.pool() != nullptr ? holds(plan, plan[*member.pool()], id)
                                    : *member.endpoint() == id;
  });
}

// Endpoints as overrides name them, by subject.
std::vector<health::OverrideSubject> name_subjects(const config::Configuration& configuration) {
  const steering::Plan& plan = *configuration.plan;
  std::vector<health::OverrideSubject> named(configuration.roster->subjects.size());
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    const steering::Endpoint& endpoint = plan.endpoints[i];
    health::OverrideSubject subject{endpoint.zone, endpoint.name, {}};
    for (const steering::Pool& pool : plan.pools) {
      const steering::EndpointId id{static_cast<std::uint32_t>(i)};
      if (holds(plan, pool, id)) subject.pools.push_back(pool.name);
    }
    for (const auto& faces : endpoint.faces) {
      for (const auto& face : faces) named[static_cast<std::size_t>(face.subject)] = subject;
    }
  }
  return named;
}

}  // namespace

Fleet::Fleet(const config::Configuration& configuration, Instant now)
    : configuration_(configuration), named_(name_subjects(configuration)) {
  const health::Roster& roster = *configuration.roster;
  for (std::size_t i = 0; i < roster.targets.size(); ++i) {
    watches_.emplace_back(roster.targets[i].check, 1, i, now);
  }
  std::vector<const health::Verdict*> verdicts;
  for (const health::Watch& watch : watches_) verdicts.push_back(&watch.verdict());
  std::ignore = monitor_.adopt(configuration.roster, verdicts, {}, now);
}

// Each target once: one probe address may judge both families.
std::vector<TargetId> Fleet::targets_of(const Probed& probed) const {
  std::vector<TargetId> targets;
  for (const steering::Endpoint& endpoint : configuration_.plan->endpoints) {
    if (!health::glob_matches(probed.endpoint, endpoint.name)) continue;
    for (const auto family : {dnswire::Family::V4, dnswire::Family::V6}) {
      if (probed.family && *probed.family != family) continue;
      for (const steering::Face& face : endpoint.faces_of(family)) {
        const auto index = static_cast<std::size_t>(face.subject);
        for (const auto& check : configuration_.roster->subjects[index].checks) {
          if (!probed.check.empty() && probed.check != check.name) continue;
          const bool known = std::count(targets.begin(), targets.end(), check.target) > 0;
          if (!known) targets.push_back(check.target);
        }
      }
    }
  }
  return targets;
}

bool Fleet::probe(const Probed& probed, health::Reason reason, Instant now) {
  const std::vector<TargetId> targets = targets_of(probed);
  for (const TargetId target : targets) {
    const auto index = static_cast<std::size_t>(target);
    health::Observation seen;
    seen.passed = reason == health::Reason::None;
    seen.reason = reason;
    seen.started = now;
    health::Watch& watch = watches_[index];
    const health::Verdict before =
        watch.record(configuration_.roster->targets[index].check, std::move(seen), now);
    pardon(monitor_.record(target, before, watch.verdict(), now), now);
  }
  return !targets.empty();
}

void Fleet::pardon(const health::Monitor::Changes& changes, Instant now) {
  for (const TargetId target : changes.pardoned) {
    watches_[static_cast<std::size_t>(target)].pardon(now);
  }
}

void Fleet::put(health::Override override, std::optional<health::Duration> holds, Instant now) {
  override.created = unix_time(now);
  if (holds) override.expires = unix_time(now + *holds);
  erase(override.target, override.kind(), now);
  overrides_.push_back(std::move(override));
  apply_overrides(now);
}

bool Fleet::erase(const std::string& target, health::OverrideKind kind, Instant now) {
  const auto removed = std::erase_if(overrides_, [&](const health::Override& each) {
    return each.target == target && each.kind() == kind;
  });
  apply_overrides(now);
  return removed > 0;
}

bool Fleet::applies(const health::Override& override) const {
  return std::any_of(named_.begin(), named_.end(),
                     [&](const auto& subject) { return health::applies_to(override, subject); });
}

void Fleet::apply_overrides(Instant now) {
  std::vector<health::Monitor::Forcing> forces(named_.size());
  for (std::size_t i = 0; i < named_.size(); ++i) {
    const health::InForce words = health::in_force(overrides_, named_[i], unix_time(now));
    if (words.force != nullptr) forces[i].force = words.force->force;
    if (words.weight != nullptr) forces[i].weight = words.weight->weight;
    if (const auto ttl = words.ttl()) forces[i].cap = std::chrono::seconds(*ttl);
    if (const auto expires = words.expires(); expires != 0) {
      forces[i].until = Instant{} + std::chrono::seconds(expires);
    }
  }
  pardon(monitor_.force(std::move(forces), now), now);
}

health::Board Fleet::board(Instant now) {
  apply_overrides(now);
  return monitor_.board(now);
}

}  // namespace scenarios
