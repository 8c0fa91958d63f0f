#include "tests/health/simulation.h"

#include <memory>
#include <utility>

namespace health {

Script always(Reason reason) {
  return [reason](Instant) { return Finding{reason}; };
}

Script but_between(Script usual, Instant begin, Instant end, Reason reason) {
  return [usual = std::move(usual), begin, end, reason](Instant now) {
    return begin <= now && now < end ? Finding{reason} : usual(now);
  };
}

Simulation::Simulation(Roster roster, std::uint64_t seed, Instant begin,
                       const std::vector<Verdict>& verdicts)
    : now_(begin), scripts_(roster.targets.size(), always(Reason::None)) {
  const std::size_t count = roster.targets.size();
  at_work_.resize(count);
  watches_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const CheckSpec& check = roster.targets[i].check;
    const Duration spread = check.interval * static_cast<int>(i) / static_cast<int>(count);
    watches_.emplace_back(check, seed, i, begin + spread);
    if (!verdicts.empty()) watches_.back().restore(verdicts[i], {});
    events_.push({watches_.back().next(), Kind::Start, i});
  }
  std::vector<const Verdict*> pointers;
  for (const Watch& watch : watches_) pointers.push_back(&watch.verdict());
  note(monitor_.adopt(std::make_shared<const Roster>(std::move(roster)), pointers, {}, now_));
}

void Simulation::at(Instant when, std::function<void()> action) {
  events_.push({when, Kind::Action, actions_.size()});
  actions_.push_back(std::move(action));
}

void Simulation::run_until(Instant until) {
  while (!events_.empty() && events_.top().when <= until) {
    const Event event = events_.top();
    events_.pop();
    now_ = event.when;
    if (event.kind == Kind::Action) actions_[event.number]();
    if (event.kind == Kind::Start) start(static_cast<std::uint32_t>(event.number));
    if (event.kind == Kind::End) end(static_cast<std::uint32_t>(event.number));
  }
  now_ = until;
}

void Simulation::start(std::uint32_t target) {
  watches_[target].start(now_);
  const Finding finding = scripts_[target](now_);
  Observation& observation = at_work_[target];
  observation.passed = finding.reason == Reason::None;
  observation.reason = finding.reason;
  observation.started = now_;
  observation.took = finding.reason == Reason::Timeout ? check_of(target).timeout : finding.took;
  events_.push({now_ + observation.took, Kind::End, target});
}

void Simulation::end(std::uint32_t target) {
  Watch& watch = watches_[target];
  const Verdict before = watch.record(check_of(target), at_work_[target], now_);
  const Verdict after = watch.verdict();
  const Monitor::Changes changes = monitor_.record(TargetId{target}, before, after, now_);
  for (const TargetId pardoned : changes.pardoned) {
    watches_[static_cast<std::size_t>(pardoned)].pardon(now_);
  }
  note(changes);
  events_.push({std::max(watch.next(), now_), Kind::Start, target});
  if (on_step_) on_step_({TargetId{target}, before, after, now_});
}

void Simulation::note(const Monitor::Changes& changes) {
  for (const auto& change : changes.subjects) changes_.push_back({now_, change});
  for (const auto& change : changes.uplinks) alarms_.push_back({now_, change});
}

std::vector<Verdict> Simulation::verdicts() const {
  std::vector<Verdict> verdicts;
  for (const Watch& watch : watches_) verdicts.push_back(watch.verdict());
  return verdicts;
}

std::vector<Instant> Simulation::flips(std::uint32_t subject) const {
  std::vector<Instant> flips;
  for (const Change& change : changes_) {
    if (change.what.subject != SubjectId{subject}) continue;
    if (change.what.before.is_served() != change.what.after.is_served()) {
      flips.push_back(change.when);
    }
  }
  return flips;
}

}  // namespace health
