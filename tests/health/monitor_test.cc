#include "health/monitor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace health {
namespace {

using std::chrono::seconds;

constexpr Instant kBegin = Instant{} + std::chrono::hours(3);

Target target_of(std::string address, std::uint16_t port = 80) {
  Target target;
  target.address = std::move(address);
  target.check.port = port;
  target.check.interval = seconds(10);
  target.check.thresholds = {2, 2, 2};
  return target;
}

Subject subject_of(std::initializer_list<std::uint32_t> targets, std::uint16_t need) {
  Subject subject;
  for (const std::uint32_t target : targets) {
    subject.checks.push_back({"check" + std::to_string(target), TargetId{target}, Level::Edge});
  }
  subject.need = need;
  return subject;
}

// `hosts` endpoints of one address with one check each.
Roster roster_of(int hosts) {
  Roster roster;
  for (int i = 0; i < hosts; ++i) {
    roster.targets.push_back(target_of("192.0.2." + std::to_string(i)));
    roster.subjects.push_back(subject_of({static_cast<std::uint32_t>(i)}, 1));
  }
  return roster;
}

// Two endpoints, each with a check of the edge and one of the origin, in one group.
Roster two_level() {
  Roster roster;
  for (std::uint32_t i = 0; i < 2; ++i) {
    roster.targets.push_back(target_of("192.0.2." + std::to_string(i), 80));
    roster.targets.push_back(target_of("192.0.2." + std::to_string(i), 443));
    roster.subjects.push_back(subject_of({2 * i, 2 * i + 1}, 2));
    roster.subjects.back().checks[1].level = Level::Origin;
  }
  roster.groups.push_back({{SubjectId{0}, SubjectId{1}}});
  return roster;
}

// A monitor and the verdicts of its targets, told results by hand.
class World {
 public:
  explicit World(Roster roster) { reload(std::move(roster), {}); }

  // Verdicts go with the targets that stay, as the engine's do.
  Monitor::Changes reload(Roster roster, std::vector<std::optional<SubjectId>> former) {
    const auto former_targets = match_targets(monitor.roster().targets, roster.targets);
    std::vector<Verdict> verdicts(roster.targets.size());
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (former_targets[i]) {
        verdicts[i] = verdicts_[static_cast<std::size_t>(*former_targets[i])];
      }
    }
    return reload_with(std::move(roster), std::move(former), std::move(verdicts));
  }
  Monitor::Changes reload_with(Roster roster, std::vector<std::optional<SubjectId>> former,
                               std::vector<Verdict> verdicts) {
    verdicts_ = std::move(verdicts);
    std::vector<const Verdict*> pointers;
    for (const Verdict& verdict : verdicts_) pointers.push_back(&verdict);
    return monitor.adopt(std::make_shared<const Roster>(std::move(roster)), pointers, former, now);
  }

  Monitor::Changes tell(std::uint32_t target, Reason reason) {
    Observation observation;
    observation.passed = reason == Reason::None;
    observation.reason = reason;
    observation.started = now;
    const Verdict before = verdicts_[target];
    verdicts_[target] =
        judge(monitor.roster().targets[target].check.thresholds, before, observation);
    Monitor::Changes changes = monitor.record(TargetId{target}, before, verdicts_[target], now);
    for (const TargetId pardoned : changes.pardoned) {
      Verdict& verdict = verdicts_[static_cast<std::size_t>(pardoned)];
      verdict = Verdict{State::Up, 0, 0, now, {}, verdict.last};
    }
    return changes;
  }
  void tell_all(Reason reason) {
    for (std::uint32_t i = 0; i < verdicts_.size(); ++i) tell(i, reason);
  }
  void take_down(std::uint32_t target, Reason reason = Reason::Refused) {
    tell(target, reason);
    tell(target, reason);
  }

  Monitor::Changes force(std::uint32_t subject, Monitor::Forcing forcing) {
    std::vector<Monitor::Forcing> forces(monitor.roster().subjects.size());
    forces[subject] = forcing;
    return monitor.force(std::move(forces), now);
  }
  [[nodiscard]] const Standing& standing(std::uint32_t subject) const {
    return monitor.standing(SubjectId{subject});
  }
  [[nodiscard]] const std::vector<Verdict>& verdicts() const { return verdicts_; }

  Monitor monitor;
  Instant now = kBegin;

 private:
  std::vector<Verdict> verdicts_;
};

TEST(MatchTargets, FindsTheEqualOnesEachOnce) {
  const std::vector<Target> before{target_of("192.0.2.1"), target_of("192.0.2.2"),
                                   target_of("192.0.2.1"), target_of("192.0.2.3", 443)};
  const std::vector<Target> after{target_of("192.0.2.3"), target_of("192.0.2.1"),
                                  target_of("192.0.2.1"), target_of("192.0.2.1"),
                                  target_of("192.0.2.2")};
  const std::vector<std::optional<TargetId>> expected{std::nullopt, TargetId{0}, TargetId{2},
                                                      std::nullopt, TargetId{1}};
  EXPECT_EQ(match_targets(before, after), expected);
}

TEST(MatchTargets, LooksAtTheWholeCheck) {
  const std::vector<Target> before{target_of("192.0.2.1")};
  for (int field = 0; field < 5; ++field) {
    std::vector<Target> after = before;
    CheckSpec& check = after[0].check;
    if (field == 0) check.thresholds.fall = 9;
    if (field == 1) check.tls.verify = false;
    if (field == 2) check.identity.token = "t";
    if (field == 3) check.timeout = Duration{1};
    if (field == 4) check.http.body = "b";
    EXPECT_EQ(match_targets(before, after)[0], std::nullopt) << field;
  }
}

TEST(MatchTargets, IsFastForManyOfOneAddress) {
  std::vector<Target> targets;
  for (int i = 0; i < 20'000; ++i) {
    targets.push_back(target_of("192.0.2.1", static_cast<std::uint16_t>(i)));
  }
  std::vector<Target> reversed(targets.rbegin(), targets.rend());
  const auto former = match_targets(targets, reversed);
  for (std::uint32_t i = 0; i < 20'000; ++i) ASSERT_EQ(former[i], TargetId{19'999 - i});
}

TEST(Monitor, GivesTheStandingOfWhatIsJudged) {
  World world(roster_of(2));
  EXPECT_EQ(world.standing(0).state, State::Unknown);
  EXPECT_EQ(world.standing(0).steady, seconds(0));
  EXPECT_EQ(world.standing(0).beat, seconds(10));
  const auto changes = world.tell(0, Reason::None);
  EXPECT_TRUE(changes.board);
  ASSERT_EQ(changes.subjects.size(), 1U);
  EXPECT_EQ(changes.subjects[0].before.state, State::Unknown);
  EXPECT_EQ(changes.subjects[0].after.state, State::Up);
  EXPECT_EQ(world.standing(0).steady, seconds(20));
  EXPECT_EQ(world.standing(1).state, State::Unknown);
  EXPECT_EQ(world.monitor.board(world.now)[SubjectId{0}], world.standing(0));
}

TEST(Monitor, SaysNothingWhereNothingChanged) {
  World world(roster_of(2));
  world.tell_all(Reason::None);
  const auto changes = world.tell(0, Reason::None);
  EXPECT_FALSE(changes.board);
  EXPECT_TRUE(changes.subjects.empty());
}

TEST(Monitor, TellsTheBoardOfALifetimeAlone) {
  Roster roster = roster_of(1);
  roster.targets[0].check.thresholds = {3, 2, 3};
  World world(roster);
  world.tell_all(Reason::None);
  EXPECT_EQ(world.tell(0, Reason::Timeout).subjects.size(), 1U);
  const auto changes = world.tell(0, Reason::Timeout);
  EXPECT_TRUE(changes.board) << "steady for 10 s, no longer 20 s";
  EXPECT_TRUE(changes.subjects.empty());
}

TEST(Monitor, RemembersWhenASubjectFell) {
  World world(roster_of(1));
  world.tell_all(Reason::None);
  EXPECT_EQ(world.standing(0).fell, Instant{});
  world.now += seconds(10);
  world.take_down(0);
  EXPECT_EQ(world.standing(0).fell, world.now);
  const Instant fell = world.now;
  world.now += seconds(10);
  world.tell_all(Reason::None);
  world.tell_all(Reason::None);
  EXPECT_EQ(world.standing(0).state, State::Up);
  EXPECT_EQ(world.standing(0).fell, fell);
}

TEST(Monitor, JoinsTheChecksOfASubject) {
  Roster roster;
  roster.targets = {target_of("192.0.2.1", 80), target_of("192.0.2.1", 443)};
  roster.targets[1].check.interval = Duration{30'500};
  roster.subjects = {subject_of({0, 1}, 2), subject_of({0, 1}, 1), subject_of({}, 0)};
  World world(roster);
  world.tell_all(Reason::None);
  EXPECT_EQ(world.standing(0).steady, seconds(20));
  EXPECT_EQ(world.standing(1).steady, seconds(61));
  EXPECT_EQ(world.standing(0).beat, seconds(31)) << "rounded up";
  EXPECT_EQ(world.standing(2).state, State::Up);
  EXPECT_EQ(world.standing(2).steady, seconds::max());
  EXPECT_EQ(world.standing(2).beat, seconds(0));
  world.take_down(0);
  EXPECT_EQ(world.standing(0).state, State::Down);
  EXPECT_EQ(world.standing(1).state, State::Up);
}

TEST(Monitor, ShowsForcedAndRealStateApart) {
  World world(roster_of(2));
  world.tell_all(Reason::None);
  const auto changes = world.force(0, {.force = Force::Drained, .cap = seconds(7)});
  EXPECT_TRUE(changes.board);
  ASSERT_EQ(changes.subjects.size(), 1U);
  EXPECT_EQ(changes.subjects[0].after.force, Force::Drained);
  EXPECT_EQ(world.standing(0).state, State::Up);
  EXPECT_EQ(world.standing(0).steady, seconds::max());
  EXPECT_EQ(world.standing(0).cap, seconds(7));
  world.take_down(0);
  EXPECT_EQ(world.standing(0).state, State::Down);
  EXPECT_EQ(world.standing(0).fell, world.now) << "by its results, whatever it is forced to";
  EXPECT_FALSE(world.force(0, {.force = Force::Drained, .cap = seconds(7)}).board) << "the same";
  EXPECT_TRUE(world.force(1, {.force = Force::Up}).board);
  EXPECT_EQ(world.standing(0).force, Force::None) << "all of it is told each time";
  EXPECT_EQ(world.standing(0).cap, seconds::max());
  EXPECT_EQ(world.standing(1).force, Force::Up);
}

TEST(Monitor, CapsWhatIsForcedByWhatRemains) {
  World world(roster_of(1));
  world.tell_all(Reason::None);
  const Instant until = world.now + seconds(60);
  world.force(0, {.force = Force::Down, .until = until});
  const auto steady_at = [&](Instant now) { return world.monitor.board(now)[SubjectId{0}].steady; };
  EXPECT_EQ(steady_at(world.now), seconds(60));
  EXPECT_EQ(steady_at(until - Duration{1500}), seconds(1));
  EXPECT_EQ(steady_at(until), seconds(0));
  EXPECT_EQ(steady_at(until + seconds(5)), seconds(0));
  EXPECT_TRUE(world.force(0, {.force = Force::Down, .until = until + seconds(5)}).board);
  EXPECT_EQ(steady_at(until), seconds(5));
}

TEST(Monitor, WeighsWithoutForcing) {
  World world(roster_of(2));
  world.tell_all(Reason::None);
  const auto changes = world.force(0, {.weight = 0, .cap = seconds(7)});
  EXPECT_TRUE(changes.board);
  EXPECT_TRUE(changes.subjects.empty()) << "its state is what it was";
  EXPECT_EQ(world.standing(0).weight, 0U);
  EXPECT_EQ(world.standing(0).force, Force::None);
  EXPECT_EQ(world.standing(0).steady, seconds(20)) << "its results go on to count";
  EXPECT_EQ(world.standing(0).cap, seconds(7));
  EXPECT_EQ(world.standing(1).weight, std::nullopt);
  world.take_down(0);
  EXPECT_FALSE(world.standing(0).is_served());
  EXPECT_EQ(world.standing(0).weight, 0U);
  EXPECT_FALSE(world.force(0, {.weight = 0, .cap = seconds(7)}).board) << "the same";
  EXPECT_TRUE(world.force(0, {.weight = 1, .cap = seconds(7)}).board);
  EXPECT_TRUE(world.force(0, {}).board);
  EXPECT_EQ(world.standing(0).weight, std::nullopt);
}

TEST(Monitor, WeighsWhatIsForced) {
  World world(roster_of(1));
  world.tell_all(Reason::None);
  world.force(0, {.force = Force::Drained, .weight = 10});
  EXPECT_EQ(world.standing(0).force, Force::Drained);
  EXPECT_EQ(world.standing(0).weight, 10U);
  world.force(0, {.weight = 10});
  EXPECT_TRUE(world.standing(0).is_served());
  EXPECT_EQ(world.standing(0).weight, 10U);
}

TEST(Monitor, CapsWhatIsWeighedByWhatRemains) {
  World world(roster_of(1));
  world.tell_all(Reason::None);
  const Instant until = world.now + seconds(60);
  world.force(0, {.weight = 10, .until = until});
  const auto steady_at = [&](Instant now) { return world.monitor.board(now)[SubjectId{0}].steady; };
  EXPECT_EQ(steady_at(world.now), seconds(20)) << "by its checks";
  EXPECT_EQ(steady_at(until - Duration{1500}), seconds(1));
  EXPECT_EQ(steady_at(until), seconds(0));
}

TEST(Monitor, IsRescuedByAdviceAndNeverCondemned) {
  World world(roster_of(1));
  world.tell_all(Reason::None);
  EXPECT_FALSE(world.monitor.advise(SubjectId{0}, Advice::Down, world.now).board);
  EXPECT_TRUE(world.standing(0).is_served());
  world.monitor.advise(SubjectId{0}, Advice::Up, world.now);
  world.take_down(0);
  EXPECT_EQ(world.standing(0).state, State::Down);
  EXPECT_TRUE(world.standing(0).rescued);
  EXPECT_EQ(world.standing(0).steady, seconds(0)) << "the word can be taken back at any time";
  EXPECT_EQ(world.standing(0).fell, Instant{});
  world.now += seconds(5);
  const auto changes = world.monitor.advise(SubjectId{0}, Advice::None, world.now);
  ASSERT_EQ(changes.subjects.size(), 1U);
  EXPECT_TRUE(changes.subjects[0].before.rescued);
  EXPECT_FALSE(world.standing(0).is_served());
  EXPECT_EQ(world.standing(0).fell, world.now);
}

TEST(Monitor, HoldsWhatFallsWhenThisNodeIsCutOff) {
  World world(roster_of(5));
  world.tell_all(Reason::None);
  const Board before = world.monitor.board(world.now);
  world.now += seconds(10);
  Monitor::Changes changes;
  for (std::uint32_t i = 0; i < 4; ++i) changes = world.tell(i, Reason::Timeout);
  ASSERT_EQ(changes.uplinks.size(), 1U);
  EXPECT_TRUE(changes.uplinks[0].isolated);
  EXPECT_TRUE(world.monitor.is_isolated(Uplink::V4));
  for (std::uint32_t i = 0; i < 4; ++i) changes = world.tell(i, Reason::Timeout);
  ASSERT_EQ(changes.subjects.size(), 1U);
  EXPECT_TRUE(changes.subjects[0].after.held);
  EXPECT_EQ(world.standing(3).state, State::Down) << "the real state stays visible";
  EXPECT_EQ(world.standing(3).steady, seconds(20)) << "as if it were up";
  EXPECT_EQ(world.standing(3).fell, Instant{});
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(world.standing(i).is_served(), before[SubjectId{i}].is_served());
  }
}

TEST(Monitor, HoldsWhatHadFallenJustBefore) {
  World world(roster_of(5));
  world.tell_all(Reason::None);
  world.take_down(0, Reason::Timeout);
  world.take_down(1, Reason::Timeout);
  EXPECT_FALSE(world.standing(0).is_served());
  world.tell(2, Reason::Timeout);
  const auto changes = world.tell(3, Reason::Timeout);
  EXPECT_EQ(changes.uplinks.size(), 1U);
  EXPECT_EQ(changes.subjects.size(), 3U) << "the two that fell, and the one that fails";
  EXPECT_TRUE(world.standing(0).held);
  EXPECT_TRUE(world.standing(1).held);
}

TEST(Monitor, PardonsWhatWasHeldAtTheEnd) {
  World world(roster_of(5));
  world.tell_all(Reason::None);
  world.tell_all(Reason::Timeout);
  world.tell_all(Reason::Timeout);
  world.now += seconds(100);
  world.tell(0, Reason::None);
  const auto changes = world.tell(1, Reason::None);
  ASSERT_EQ(changes.uplinks.size(), 1U);
  EXPECT_FALSE(changes.uplinks[0].isolated);
  EXPECT_EQ(changes.pardoned.size(), 5U);
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(world.standing(i).state, State::Up);
    EXPECT_FALSE(world.standing(i).held);
  }
  world.take_down(4, Reason::Timeout);
  EXPECT_FALSE(world.standing(4).is_served()) << "a host that died meanwhile leaves";
  EXPECT_EQ(world.standing(4).fell, world.now);
}

TEST(Monitor, TellsADeadOriginFromDeadEdges) {
  World world(two_level());
  const auto origin_is_down = [&] { return world.monitor.origin_is_down(GroupId{0}); };
  world.tell_all(Reason::None);
  world.take_down(1, Reason::Status);
  EXPECT_FALSE(origin_is_down()) << "the other endpoint is served";
  world.tell(3, Reason::Status);
  const auto changes = world.tell(3, Reason::Status);
  ASSERT_EQ(changes.groups.size(), 1U);
  EXPECT_TRUE(changes.groups[0].origin_down);
  EXPECT_TRUE(origin_is_down());
  world.take_down(0);
  EXPECT_FALSE(origin_is_down()) << "an edge is down, too";
  world.tell(0, Reason::None);
  world.tell(0, Reason::None);
  EXPECT_TRUE(origin_is_down());
  world.tell(1, Reason::None);
  EXPECT_TRUE(origin_is_down()) << "one success is no recovery";
  world.tell(1, Reason::None);
  EXPECT_FALSE(origin_is_down());
}

TEST(Monitor, SaysNothingOfAnOriginThatNobodyChecks) {
  Roster roster = roster_of(2);
  roster.groups.push_back({{SubjectId{0}, SubjectId{1}}});
  World world(roster);
  world.tell_all(Reason::None);
  world.take_down(0);
  world.take_down(1);
  EXPECT_FALSE(world.monitor.origin_is_down(GroupId{0}));
}

TEST(Monitor, LeavesMembersWithoutACheckOfTheOriginOutOfIt) {
  Roster roster = two_level();
  roster.targets.push_back(target_of("192.0.2.9"));
  roster.subjects.push_back(subject_of({4}, 1));
  roster.groups[0].members.push_back(SubjectId{2});
  World world(roster);
  world.tell_all(Reason::None);
  world.take_down(1, Reason::Status);
  world.take_down(3, Reason::Status);
  EXPECT_FALSE(world.monitor.origin_is_down(GroupId{0})) << "the third is served";
  world.take_down(4);
  EXPECT_TRUE(world.monitor.origin_is_down(GroupId{0}));
}

TEST(Monitor, WaitsForTheEdgesBeforeItBlamesTheOrigin) {
  World world(two_level());
  world.tell(1, Reason::Status);
  world.tell(3, Reason::Status);
  EXPECT_FALSE(world.monitor.origin_is_down(GroupId{0})) << "nothing is known of the edges";
  world.tell(0, Reason::None);
  world.tell(2, Reason::None);
  EXPECT_TRUE(world.monitor.origin_is_down(GroupId{0}));
}

TEST(MonitorAdopt, KeepsWhatIsKnownOfSubjectsThatStay) {
  World world(roster_of(3));
  world.tell_all(Reason::None);
  world.take_down(1);
  const Instant fell = world.now;
  world.force(2, {.force = Force::Drained, .weight = 3, .cap = seconds(5)});
  world.now += seconds(60);
  Roster roster = roster_of(3);
  std::reverse(roster.targets.begin(), roster.targets.end());
  const auto changes = world.reload(roster, {SubjectId{2}, SubjectId{1}, std::nullopt});
  EXPECT_EQ(world.standing(1).fell, fell);
  EXPECT_EQ(world.standing(1).state, State::Down);
  EXPECT_EQ(world.standing(0).force, Force::Drained);
  EXPECT_EQ(world.standing(0).cap, seconds(5));
  EXPECT_EQ(world.standing(0).weight, 3U);
  EXPECT_EQ(world.standing(2).weight, std::nullopt);
  EXPECT_EQ(world.standing(2).force, Force::None);
  EXPECT_TRUE(changes.subjects.empty()) << "nobody who stays has changed";
  EXPECT_TRUE(changes.board);
}

TEST(MonitorAdopt, ChangesNothingWhereNothingChanged) {
  World world(two_level());
  world.tell_all(Reason::None);
  world.take_down(1, Reason::Status);
  world.take_down(3, Reason::Status);
  const auto changes = world.reload(two_level(), {SubjectId{0}, SubjectId{1}});
  EXPECT_FALSE(changes.board);
  EXPECT_TRUE(changes.subjects.empty());
  EXPECT_TRUE(changes.groups.empty()) << "the alarm is not told again";
  EXPECT_TRUE(world.monitor.origin_is_down(GroupId{0}));
}

TEST(MonitorAdopt, KeepsIsolation) {
  World world(roster_of(5));
  world.tell_all(Reason::None);
  world.tell_all(Reason::Timeout);
  world.tell_all(Reason::Timeout);
  std::vector<std::optional<SubjectId>> former;
  for (std::uint32_t i = 0; i < 5; ++i) former.emplace_back(SubjectId{i});
  auto changes = world.reload(roster_of(5), former);
  EXPECT_TRUE(changes.uplinks.empty());
  EXPECT_FALSE(changes.board);
  EXPECT_TRUE(world.standing(0).held);
  changes = world.reload(Roster{}, {});
  ASSERT_EQ(changes.uplinks.size(), 1U);
  EXPECT_FALSE(changes.uplinks[0].isolated);
}

TEST(MonitorAdopt, HoldsASubjectWhoseCheckIsChangedWhileThisNodeIsCutOff) {
  World world(roster_of(5));
  world.tell_all(Reason::None);
  world.tell_all(Reason::Timeout);
  world.tell_all(Reason::Timeout);
  ASSERT_TRUE(world.standing(0).held);
  // As the engine begins it: a success short of up.
  std::vector<Verdict> verdicts = world.verdicts();
  verdicts[0].state = State::Recovering;
  verdicts[0].successes = 1;
  Roster roster = roster_of(5);
  roster.targets[0].check.port = 81;
  std::vector<std::optional<SubjectId>> former;
  for (std::uint32_t i = 0; i < 5; ++i) former.emplace_back(SubjectId{i});
  world.reload_with(roster, former, verdicts);
  EXPECT_TRUE(world.standing(0).held);
  EXPECT_TRUE(world.standing(0).is_served());
  world.tell(0, Reason::Timeout);
  EXPECT_TRUE(world.standing(0).held);
  world.tell(1, Reason::None);
  const auto changes = world.tell(2, Reason::None);
  EXPECT_EQ(changes.pardoned.size(), 5U);
  EXPECT_EQ(world.standing(0).state, State::Up);
}

TEST(MonitorAdopt, KnowsFromRestoredVerdictsWhoFellWhen) {
  Roster roster = roster_of(2);
  roster.targets.push_back(target_of("192.0.2.0", 443));
  roster.targets.push_back(target_of("192.0.2.0", 53));
  roster.subjects.push_back(subject_of({0, 2, 3}, 2));
  std::vector<Verdict> verdicts(4);
  for (std::size_t i = 0; i < 4; ++i) {
    verdicts[i].state = i == 1 ? State::Up : State::Down;
    verdicts[i].changed = kBegin - seconds(100 + 10 * i);
    verdicts[i].last.started = kBegin - seconds(10);
    verdicts[i].last.reason = i == 1 ? Reason::None : Reason::Refused;
  }
  World world(Roster{});
  const auto changes = world.reload_with(roster, {{}, {}, {}}, verdicts);
  EXPECT_TRUE(changes.board);
  EXPECT_EQ(world.standing(0).state, State::Down);
  EXPECT_EQ(world.standing(0).fell, kBegin - seconds(100));
  EXPECT_EQ(world.standing(1).fell, Instant{});
  EXPECT_EQ(world.standing(2).fell, kBegin - seconds(120)) << "when the second of three fell";
}

TEST(MonitorAdopt, SeesASubjectThatIsNoLongerServed) {
  Roster roster = roster_of(2);
  World world(roster);
  world.tell_all(Reason::None);
  world.take_down(1);
  world.now += seconds(5);
  roster.subjects[0].checks.push_back(roster.subjects[1].checks[0]);
  roster.subjects[0].need = 2;
  const auto changes = world.reload(roster, {SubjectId{0}, SubjectId{1}});
  ASSERT_EQ(changes.subjects.size(), 1U);
  EXPECT_EQ(changes.subjects[0].after.state, State::Down);
  EXPECT_EQ(world.standing(0).fell, world.now);
}

}  // namespace
}  // namespace health
