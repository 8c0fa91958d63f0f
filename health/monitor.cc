#include "health/monitor.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace health {
namespace {

using std::chrono::seconds;

// What tells most targets apart; equality decides.
std::size_t hash_of(const Target& target) noexcept {
  const auto text = std::hash<std::string_view>();
  const CheckSpec& check = target.check;
  std::size_t hash = text(target.address);
  const auto add = [&hash](std::size_t more) { hash = hash * 1'000'003 ^ more; };
  add(check.port);
  add(static_cast<std::size_t>(check.type));
  add(static_cast<std::size_t>(check.interval.count()));
  add(text(check.http.host));
  add(text(check.http.path));
  add(text(check.dns.name));
  for (const std::string& argument : check.argv) add(text(argument));
  return hash;
}

seconds floor_seconds(Duration duration) noexcept {
  if (duration == Duration::max()) return seconds::max();
  return std::chrono::floor<seconds>(duration);
}

bool is_up(State state) noexcept { return state == State::Up || state == State::Failing; }

// By its results, advice and isolation included; whatever an operator says.
bool is_served_by_results(const Standing& standing) noexcept {
  return standing.held || standing.rescued || is_served(standing.state);
}

bool differs_for_people(const Standing& before, const Standing& after) noexcept {
  return before.state != after.state || before.force != after.force || before.held != after.held ||
         before.rescued != after.rescued;
}

Duration longest_interval(const Roster& roster, const Subject& subject) {
  Duration longest{0};
  for (const Subject::Part& part : subject.checks) {
    const Target& target = roster.targets[static_cast<std::size_t>(part.target)];
    longest = std::max(longest, target.check.interval);
  }
  return longest;
}

// A verdict that starts anew (Watch::pardon).
PartStanding pardoned(const CheckSpec& check, Instant now) noexcept {
  Verdict verdict;
  verdict.state = State::Up;
  verdict.changed = now;
  return {State::Up, steady_for(check, verdict)};
}

}  // namespace

std::vector<std::optional<TargetId>> match_targets(std::span<const Target> before,
                                                   std::span<const Target> after) {
  // Last first, so that the first of several equal ones is taken from the back.
  std::unordered_map<std::size_t, std::vector<std::size_t>> left;
  for (std::size_t i = before.size(); i > 0; --i) left[hash_of(before[i - 1])].push_back(i - 1);
  std::vector<std::optional<TargetId>> former(after.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto place = left.find(hash_of(after[i]));
    if (place == left.end()) continue;
    std::vector<std::size_t>& candidates = place->second;
    const auto found =
        std::find_if(candidates.rbegin(), candidates.rend(),
                     [&](std::size_t candidate) { return before[candidate] == after[i]; });
    if (found == candidates.rend()) continue;
    former[i] = static_cast<TargetId>(*found);
    candidates.erase(std::next(found).base());
  }
  return former;
}

Monitor::Changes Monitor::adopt(std::shared_ptr<const Roster> roster,
                                std::span<const Verdict* const> verdicts,
                                std::span<const std::optional<SubjectId>> former_subjects,
                                Instant now) {
  Changes changes;
  const auto former_targets = match_targets(roster_->targets, roster->targets);
  std::array<bool, kUplinkCount> were_isolated{};
  for (std::size_t i = 0; i < kUplinkCount; ++i) {
    were_isolated[i] = guard_.is_isolated(static_cast<Uplink>(i));
  }
  const Board board_before = board(now);
  const std::vector<OfSubject> old = std::exchange(subjects_, {});
  const std::vector<std::uint8_t> old_groups_down = std::exchange(groups_down_, {});
  roster_ = std::move(roster);
  guard_.adopt(roster_->guard, roster_->targets, former_targets, verdicts, now);
  index(verdicts);
  keep(old, old_groups_down, former_subjects, now, changes);
  for (std::size_t i = 0; i < kUplinkCount; ++i) {
    const auto uplink = static_cast<Uplink>(i);
    const bool isolated = guard_.is_isolated(uplink);
    if (isolated != were_isolated[i]) changes.uplinks.push_back({uplink, isolated});
  }
  changes.board = board(now) != board_before;
  return changes;
}

void Monitor::index(std::span<const Verdict* const> verdicts) {
  const Roster& roster = *roster_;
  targets_.assign(roster.targets.size(), {});
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Verdict& verdict = *verdicts[i];
    targets_[i].part = {verdict.state, steady_for(roster.targets[i].check, verdict)};
    targets_[i].changed = verdict.changed;
  }
  subjects_.assign(roster.subjects.size(), {});
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const auto id = static_cast<SubjectId>(i);
    for (const Subject::Part& part : roster.subjects[i].checks) {
      std::vector<SubjectId>& judged = at(part.target).subjects;
      if (judged.empty() || judged.back() != id) judged.push_back(id);
    }
  }
  for (std::size_t i = 0; i < roster.groups.size(); ++i) {
    for (const SubjectId member : roster.groups[i].members) {
      at(member).groups.push_back(static_cast<GroupId>(i));
    }
  }
}

// Standings of the new subjects, with what was known of those that stay.
void Monitor::keep(std::span<const OfSubject> old, std::span<const std::uint8_t> old_groups_down,
                   std::span<const std::optional<SubjectId>> former, Instant now,
                   Changes& changes) {
  groups_down_.assign(roster_->groups.size(), 0);
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const auto id = static_cast<SubjectId>(i);
    OfSubject& known = subjects_[i];
    const Subject& subject = roster_->subjects[i];
    const bool stays = i < former.size() && former[i];
    if (stays) {
      const OfSubject& was = old[static_cast<std::size_t>(*former[i])];
      known.advice = was.advice;
      known.forcing = was.forcing;
      known.standing = was.standing;
      // Where a group was told to be down it is so until it is told otherwise.
      const bool was_down = std::any_of(was.groups.begin(), was.groups.end(), [&](GroupId group) {
        return old_groups_down[static_cast<std::size_t>(group)] != 0;
      });
      for (const GroupId group : known.groups) {
        if (was_down) groups_down_[static_cast<std::size_t>(group)] = 1;
      }
    }
    known.standing.beat = std::chrono::ceil<seconds>(longest_interval(*roster_, subject));
    if (stays) {
      refresh(id, now, changes);
    } else {
      known.standing = judge_subject(id);
      if (!is_served_by_results(known.standing)) known.standing.fell = fell_at(subject);
    }
  }
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    refresh_groups(static_cast<SubjectId>(i), changes);
  }
}

Monitor::Changes Monitor::record(TargetId target, const Verdict& before, const Verdict& after,
                                 Instant now) {
  Changes changes;
  OfTarget& known = at(target);
  const bool was_held = guard_.holds(target);
  const std::optional<Guard::Turn> turn = guard_.record(target, before, after, now);
  const PartStanding part{after.state, steady_for(check_of(target), after)};
  const bool same = part.state == known.part.state && part.steady == known.part.steady &&
                    was_held == guard_.holds(target);
  if (same && !turn) return changes;
  known.part = part;
  known.changed = after.changed;
  std::vector<SubjectId> touched = known.subjects;
  if (turn) take_turn(*turn, now, touched, changes);
  refresh(touched, now, changes);
  return changes;
}

void Monitor::take_turn(const Guard::Turn& turn, Instant now, std::vector<SubjectId>& touched,
                        Changes& changes) {
  changes.uplinks.push_back({turn.uplink, turn.isolated});
  for (const TargetId target : turn.targets) {
    OfTarget& known = at(target);
    touched.insert(touched.end(), known.subjects.begin(), known.subjects.end());
    if (turn.isolated) continue;
    known.part = pardoned(check_of(target), now);
    known.changed = now;
    changes.pardoned.push_back(target);
  }
}

Monitor::Changes Monitor::force(std::vector<Forcing> forces, Instant now) {
  Changes changes;
  forces.resize(subjects_.size());
  std::vector<SubjectId> touched;
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    if (forces[i] == subjects_[i].forcing) continue;
    if (forces[i].until != subjects_[i].forcing.until) changes.board = true;
    subjects_[i].forcing = forces[i];
    touched.push_back(static_cast<SubjectId>(i));
  }
  refresh(touched, now, changes);
  return changes;
}

Monitor::Changes Monitor::advise(SubjectId subject, Advice advice, Instant now) {
  Changes changes;
  at(subject).advice = advice;
  refresh(std::span(&subject, 1), now, changes);
  return changes;
}

// Groups last: they look at all their members.
void Monitor::refresh(std::span<const SubjectId> touched, Instant now, Changes& changes) {
  for (const SubjectId subject : touched) refresh(subject, now, changes);
  for (const SubjectId subject : touched) refresh_groups(subject, changes);
}

void Monitor::refresh(SubjectId subject, Instant now, Changes& changes) {
  Standing& standing = at(subject).standing;
  const Standing before = standing;
  Standing after = judge_subject(subject);
  if (is_served_by_results(before) && !is_served_by_results(after)) after.fell = now;
  if (after == before) return;
  standing = after;
  changes.board = true;
  if (differs_for_people(before, after)) changes.subjects.push_back({subject, before, after});
}

void Monitor::refresh_groups(SubjectId subject, Changes& changes) {
  for (const GroupId group : at(subject).groups) {
    const auto index = static_cast<std::size_t>(group);
    const bool down = shows_origin_down(roster_->groups[index]);
    if (down == (groups_down_[index] != 0)) continue;
    groups_down_[index] = down ? 1 : 0;
    changes.groups.push_back({group, down});
  }
}

Standing Monitor::judge_subject(SubjectId id) {
  const Subject& subject = roster_->subjects[static_cast<std::size_t>(id)];
  const OfSubject& known = at(id);
  Standing standing;
  standing.fell = known.standing.fell;
  standing.beat = known.standing.beat;
  parts_.clear();
  for (const Subject::Part& check : subject.checks) parts_.push_back(at(check.target).part);
  Combined combined = combine(parts_, subject.need);
  standing.state = combined.state;
  if (!is_served(combined.state)) {
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i] = counted(subject.checks[i].target);
    combined = combine(parts_, subject.need);
    standing.held = is_served(combined.state);
    standing.rescued = !standing.held && known.advice == Advice::Up;
    // Other nodes can take their word back at any time.
    if (standing.rescued) combined.steady = Duration{0};
  }
  standing.steady = floor_seconds(combined.steady);
  standing.force = known.forcing.force;
  standing.weight = known.forcing.weight;
  standing.cap = known.forcing.cap;
  if (standing.force != Force::None) standing.steady = seconds::max();
  return standing;
}

// What a part counts for while this node may be cut off.
PartStanding Monitor::counted(TargetId target) const noexcept {
  if (!guard_.holds(target)) return at(target).part;
  const CheckSpec& check = check_of(target);
  return {State::Up, check.interval * std::max<std::uint16_t>(check.thresholds.fall, 1)};
}

// When a subject that is down ceased to be served: when one part more was down than it can spare.
Instant Monitor::fell_at(const Subject& subject) const {
  std::vector<Instant> falls;
  for (const Subject::Part& check : subject.checks) {
    const OfTarget& known = at(check.target);
    if (!is_served(known.part.state)) falls.push_back(known.changed);
  }
  const std::size_t spare =
      subject.checks.size() - std::min<std::size_t>(subject.need, subject.checks.size());
  if (falls.size() <= spare) return {};
  std::sort(falls.begin(), falls.end());
  return falls[spare];
}

bool Monitor::shows_origin_down(const Group& group) const {
  bool is_told = false;
  for (const SubjectId member : group.members) {
    if (is_served_by_results(at(member).standing)) return false;
    bool has_origin = false;
    bool origin_fails = false;
    bool edge_stands = true;
    for (const Subject::Part& check : roster_->subjects[static_cast<std::size_t>(member)].checks) {
      const State state = counted(check.target).state;
      if (check.level == Level::Edge) {
        edge_stands = edge_stands && is_up(state);
      } else {
        has_origin = true;
        origin_fails = origin_fails || !is_served(state);
      }
    }
    if (has_origin && !(origin_fails && edge_stands)) return false;
    is_told = is_told || has_origin;
  }
  return is_told;
}

const Standing& Monitor::standing(SubjectId subject) const noexcept { return at(subject).standing; }

Board Monitor::board(Instant now) const {
  std::vector<Standing> standings;
  standings.reserve(subjects_.size());
  for (const OfSubject& known : subjects_) {
    Standing& standing = standings.emplace_back(known.standing);
    if (known.forcing.until == Instant::max()) continue;
    const auto left = std::max(known.forcing.until - now, Instant::duration{0});
    standing.steady = std::min(standing.steady, std::chrono::floor<seconds>(left));
  }
  return Board(std::move(standings));
}

bool Monitor::is_isolated(Uplink uplink) const noexcept { return guard_.is_isolated(uplink); }

bool Monitor::origin_is_down(GroupId group) const noexcept {
  return groups_down_[static_cast<std::size_t>(group)] != 0;
}

}  // namespace health
