#include "tests/health/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>
#include <random>
#include <string>

namespace health {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Instant kBegin = Simulation::kBegin;

Target target_of(std::string address) {
  Target target;
  target.address = std::move(address);
  target.check.interval = seconds(10);
  return target;
}

void add_host(Roster& roster, std::string address) {
  const auto target = static_cast<TargetId>(roster.targets.size());
  roster.targets.push_back(target_of(std::move(address)));
  roster.subjects.push_back({{{"check", target, Level::Edge}}, 1});
}

Roster roster_of(int hosts, const Thresholds& thresholds = {}) {
  Roster roster;
  for (int i = 0; i < hosts; ++i) {
    add_host(roster, "192.0.2." + std::to_string(i));
    roster.targets.back().check.thresholds = thresholds;
  }
  return roster;
}

// Results in a circle: F fails, everything else passes.
Script circle(std::string results) {
  auto next = std::make_shared<std::size_t>(0);
  return [results = std::move(results), next](Instant) {
    const char result = results[(*next)++ % results.size()];
    return Finding{result == 'F' ? Reason::Refused : Reason::None};
  };
}

TEST(SimulatedFlapping, AHostThatFailsOneInThreeGoesDownAndStaysDown) {
  Simulation world(roster_of(1, {3, 3, 3}), 1);
  world.script(0, circle("UUF"));
  world.run_until(kBegin + hours(1000));
  ASSERT_EQ(world.flips(0).size(), 1U);
  EXPECT_LT(world.flips(0)[0], kBegin + seconds(100));
  EXPECT_FALSE(world.is_served(0));
}

TEST(SimulatedFlapping, AHostThatFailsOneLessThanFallInARowNeverDoes) {
  Simulation world(roster_of(1), 2);
  world.script(0, circle("UFFUU"));
  world.run_until(kBegin + hours(1000));
  EXPECT_TRUE(world.flips(0).empty());
  EXPECT_GT(world.changes().size(), 100'000U) << "it is failing, again and again";
}

// Dies for 40 s of every two minutes.
Finding forty_of_120(Instant now) {
  const auto phase = std::chrono::duration_cast<seconds>(now - kBegin) % seconds(120);
  return {phase < seconds(40) ? Reason::Timeout : Reason::None};
}

TEST(SimulatedFlapping, CooldownKeepsChangesApart) {
  Thresholds thresholds;
  thresholds.cooldown = seconds(300);
  Simulation calm(roster_of(1, thresholds), 3);
  calm.script(0, forty_of_120);
  calm.run_until(kBegin + hours(200));
  const std::vector<Instant> flips = calm.flips(0);
  ASSERT_GT(flips.size(), 100U);
  for (std::size_t i = 1; i < flips.size(); ++i) {
    EXPECT_GE(flips[i] - flips[i - 1], thresholds.cooldown);
  }
  Simulation restless(roster_of(1), 3);
  restless.script(0, forty_of_120);
  restless.run_until(kBegin + hours(200));
  EXPECT_GT(restless.flips(0).size(), 2 * flips.size());
}

TEST(SimulatedFlapping, FailbackDelayWaitsForARunOfSuccesses) {
  Thresholds thresholds;
  thresholds.failback_delay = seconds(60);
  Simulation world(roster_of(2, thresholds), 4);
  const Instant back = kBegin + seconds(600);
  world.script(0, but_between(always(Reason::None), kBegin + seconds(100), back, Reason::Timeout));
  // The second stumbles once on its way back.
  world.script(1, but_between(but_between(always(Reason::None), back + seconds(40),
                                          back + seconds(51), Reason::Refused),
                              kBegin + seconds(100), back, Reason::Timeout));
  world.run_until(kBegin + hours(1));
  ASSERT_EQ(world.flips(0).size(), 2U);
  EXPECT_GE(world.flips(0)[1], back + seconds(60));
  EXPECT_LE(world.flips(0)[1], back + seconds(60 + 12 + 12));
  ASSERT_EQ(world.flips(1).size(), 2U);
  EXPECT_GE(world.flips(1)[1], back + seconds(100));
  EXPECT_LE(world.flips(1)[1], back + seconds(51 + 60 + 12 + 12));
}

TEST(SimulatedDeath, LeavesWithinTheBoundAndReturns) {
  Simulation world(roster_of(5), 5);
  const Instant death = kBegin + hours(1);
  const Instant back = death + hours(1);
  world.script(3, but_between(always(Reason::None), death, back, Reason::Timeout));
  world.run_until(kBegin + hours(10));
  const std::vector<Instant> flips = world.flips(3);
  ASSERT_EQ(flips.size(), 2U);
  EXPECT_LE(flips[0] - death, longest_to_fall(target_of("").check));
  EXPECT_LE(flips[1] - back, seconds(12 + 2 + 1));
  EXPECT_EQ(world.monitor().standing(SubjectId{3}).fell, flips[0]);
  EXPECT_TRUE(world.alarms().empty());
}

// Ten hosts; the uplink is cut for a quarter of an hour, and the fifth host dies meanwhile.
struct CutUplink {
  Instant cut = kBegin + hours(1);
  Instant back = cut + seconds(900);
  Instant death = cut + seconds(400);
  Roster roster = roster_of(10);

  void play(Simulation& world) const {
    const Script cut_off = but_between(always(Reason::None), cut, back, Reason::Timeout);
    world.script_all(cut_off);
    world.script(4, but_between(cut_off, death, Instant::max(), Reason::Timeout));
  }
};

TEST(SimulatedIsolation, LeavesAnswersAsTheyWereWhileTheUplinkIsCut) {
  const CutUplink story;
  Simulation world(story.roster, 6);
  story.play(world);
  world.run_until(story.cut);
  const Board before = world.board();
  world.run_until(story.back);
  for (const Simulation::Change& change : world.changes()) {
    EXPECT_TRUE(change.what.after.is_served()) << (change.when - story.cut).count();
  }
  for (std::uint32_t i = 0; i < 10; ++i) {
    EXPECT_EQ(world.board()[SubjectId{i}].is_served(), before[SubjectId{i}].is_served());
    EXPECT_EQ(to_text(world.board()[SubjectId{i}]), "held");
  }
  ASSERT_EQ(world.alarms().size(), 1U);
  EXPECT_TRUE(world.alarms()[0].what.isolated);
  EXPECT_LE(world.alarms()[0].when - story.cut, seconds(10 + 2 + 2));
}

TEST(SimulatedIsolation, EndsWithTheCutAndLetsGoWhoDiedMeanwhile) {
  const CutUplink story;
  Simulation world(story.roster, 6);
  story.play(world);
  world.run_until(story.back + hours(1));
  ASSERT_EQ(world.alarms().size(), 2U);
  EXPECT_FALSE(world.alarms()[1].what.isolated);
  EXPECT_LE(world.alarms()[1].when - story.back, seconds(12));
  for (std::uint32_t i = 0; i < 10; ++i) {
    EXPECT_EQ(world.flips(i).size(), i == 4 ? 1U : 0U) << i;
  }
  ASSERT_FALSE(world.flips(4).empty());
  EXPECT_LE(world.flips(4)[0] - world.alarms()[1].when,
            longest_to_fall(story.roster.targets[4].check));
}

TEST(SimulatedIsolation, IsNeverPresumedBecauseEverybodyRefuses) {
  Simulation world(roster_of(10), 7);
  world.script_all(
      but_between(always(Reason::None), kBegin + hours(1), kBegin + hours(2), Reason::Refused));
  world.run_until(kBegin + hours(2));
  for (std::uint32_t i = 0; i < 10; ++i) EXPECT_FALSE(world.is_served(i));
  EXPECT_TRUE(world.alarms().empty());
}

TEST(SimulatedIsolation, IsNeverPresumedWhileACanaryAnswers) {
  Roster roster = roster_of(10);
  roster.targets.push_back(target_of("198.51.100.1"));
  roster.guard.canaries.push_back(TargetId{10});
  Simulation world(roster, 8);
  world.script_all(
      but_between(always(Reason::None), kBegin + hours(1), kBegin + hours(2), Reason::Timeout));
  world.script(10, always(Reason::None));
  world.run_until(kBegin + hours(2));
  for (std::uint32_t i = 0; i < 10; ++i) EXPECT_FALSE(world.is_served(i));
  EXPECT_TRUE(world.alarms().empty());
}

TEST(SimulatedIsolation, IsPresumedWhenTheCanaryFallsSilent) {
  Roster roster = roster_of(2);
  roster.targets.push_back(target_of("198.51.100.1"));
  roster.guard.canaries.push_back(TargetId{2});
  Simulation world(roster, 9);
  const Instant cut = kBegin + hours(1);
  world.script_all(but_between(always(Reason::None), cut, cut + hours(1), Reason::Timeout));
  world.run_until(cut + seconds(40));
  EXPECT_TRUE(world.is_served(0)) << "two hosts alone would be too few to tell";
  EXPECT_TRUE(world.is_served(1));
  EXPECT_TRUE(world.monitor().is_isolated(Uplink::V4));
  world.run_until(cut + hours(2));
  EXPECT_FALSE(world.monitor().is_isolated(Uplink::V4));
  EXPECT_TRUE(world.is_served(0));
  EXPECT_TRUE(world.is_served(1));
}

TEST(SimulatedIsolation, IsNotPresumedBecauseACanaryDiedForGood) {
  Roster roster = roster_of(5);
  roster.targets.push_back(target_of("198.51.100.1"));
  roster.guard.canaries.push_back(TargetId{5});
  Simulation world(roster, 17);
  world.script(
      5, but_between(always(Reason::None), kBegin + hours(1), Instant::max(), Reason::Timeout));
  const Instant death = kBegin + hours(2);
  world.script(3, but_between(always(Reason::None), death, Instant::max(), Reason::Timeout));
  world.run_until(death + hours(1));
  EXPECT_TRUE(world.alarms().empty());
  ASSERT_EQ(world.flips(3).size(), 1U);
  EXPECT_LE(world.flips(3)[0] - death, longest_to_fall(roster.targets[3].check));
}

TEST(SimulatedIsolation, OfOneFamilyLeavesTheOtherAlone) {
  Roster roster = roster_of(5);
  for (int i = 0; i < 5; ++i) add_host(roster, "2001:db8::" + std::to_string(i));
  Simulation world(roster, 10);
  const Instant cut = kBegin + hours(1);
  for (std::uint32_t i = 5; i < 10; ++i) {
    world.script(i, but_between(always(Reason::None), cut, cut + hours(1), Reason::Unreachable));
  }
  world.script(0, but_between(always(Reason::None), cut, cut + hours(1), Reason::Timeout));
  world.run_until(cut + seconds(1800));
  EXPECT_TRUE(world.monitor().is_isolated(Uplink::V6));
  EXPECT_FALSE(world.monitor().is_isolated(Uplink::V4));
  EXPECT_FALSE(world.is_served(0)) << "dead, and seen over a sound uplink";
  for (std::uint32_t i = 1; i < 10; ++i) EXPECT_TRUE(world.is_served(i)) << i;
}

TEST(SimulatedAdvice, RescuesAHostThatThisNodeAloneCannotReach) {
  Simulation world(roster_of(4), 11);
  const Instant cut = kBegin + hours(1);
  world.script(2, but_between(always(Reason::None), cut, cut + hours(1), Reason::Timeout));
  world.advise(2, Advice::Up);
  world.advise(3, Advice::Down);
  world.run_until(cut + seconds(1800));
  EXPECT_TRUE(world.flips(2).empty());
  EXPECT_EQ(to_text(world.board()[SubjectId{2}]), "rescued");
  EXPECT_EQ(to_text(world.board()[SubjectId{3}]), "up") << "others cannot condemn it";
  world.advise(2, Advice::Down);
  EXPECT_FALSE(world.is_served(2));
  EXPECT_EQ(world.monitor().standing(SubjectId{2}).fell, world.now());
  world.run_until(cut + hours(2));
  EXPECT_TRUE(world.is_served(2));
}

TEST(SimulatedOverrides, HoldForTheirTimeWhateverTheResultsAre) {
  Simulation world(roster_of(2), 12);
  const Instant begin = kBegin + hours(1);
  const Instant end = begin + seconds(600);
  world.script(1, but_between(always(Reason::None), begin, kBegin + hours(5), Reason::Refused));
  world.at(begin, [&] {
    world.force({{.force = Force::Drained, .cap = seconds(5), .until = end},
                 {.force = Force::Up, .until = end}});
  });
  world.at(end, [&] { world.force({}); });
  world.run_until(begin - seconds(1));
  EXPECT_TRUE(world.is_served(0));
  world.run_until(end - seconds(7));
  EXPECT_EQ(to_text(world.board()[SubjectId{0}]), "drained");
  EXPECT_EQ(world.board()[SubjectId{0}].state, State::Up);
  EXPECT_EQ(world.board()[SubjectId{0}].cap, seconds(5));
  EXPECT_EQ(world.board()[SubjectId{0}].steady, seconds(7));
  EXPECT_EQ(to_text(world.board()[SubjectId{1}]), "forced-up");
  EXPECT_EQ(world.board()[SubjectId{1}].state, State::Down);
  world.run_until(end);
  EXPECT_EQ(to_text(world.board()[SubjectId{0}]), "up");
  EXPECT_EQ(to_text(world.board()[SubjectId{1}]), "down");
}

TEST(SimulatedRestart, GoesOnFromSavedVerdicts) {
  const auto tell = [](Simulation& world) {
    world.script(1, but_between(always(Reason::None), kBegin + seconds(1000), Instant::max(),
                                Reason::Timeout));
    world.script(2, circle("UFFUU"));
  };
  Simulation former(roster_of(5), 13);
  tell(former);
  former.run_until(kBegin + hours(1));
  Simulation world(roster_of(5), 14, kBegin + hours(1) + seconds(30), former.verdicts());
  tell(world);
  EXPECT_EQ(world.board(), former.board()) << "the first answer is the last one";
  world.run_until(kBegin + hours(100));
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_TRUE(world.flips(i).empty()) << i;
  EXPECT_FALSE(world.is_served(1));
}

// What is saved while this node is cut off: held is up, and nothing counted.
std::vector<Verdict> saved_verdicts(const Simulation& world) {
  std::vector<Verdict> verdicts = world.verdicts();
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (!world.board()[SubjectId{static_cast<std::uint32_t>(i)}].held) continue;
    verdicts[i] = {State::Up, 0, 0, verdicts[i].changed, {}, verdicts[i].last};
  }
  return verdicts;
}

TEST(SimulatedRestart, WhileTheUplinkIsCutLeavesAnswersAsTheyWere) {
  const CutUplink story;
  Simulation former(story.roster, 18);
  story.play(former);
  const Instant restart = story.cut + seconds(300);
  former.run_until(restart);
  Simulation world(story.roster, 19, restart + seconds(5), saved_verdicts(former));
  story.play(world);
  world.run_until(story.back);
  EXPECT_TRUE(world.monitor().is_isolated(Uplink::V4));
  for (std::uint32_t i = 0; i < 10; ++i) {
    EXPECT_TRUE(world.flips(i).empty()) << i;
    EXPECT_EQ(to_text(world.board()[SubjectId{i}]), "held");
  }
  world.run_until(story.back + hours(1));
  ASSERT_EQ(world.alarms().size(), 2U);
  EXPECT_FALSE(world.alarms()[1].what.isolated);
  for (std::uint32_t i = 0; i < 10; ++i) EXPECT_EQ(world.is_served(i), i != 4) << i;
}

TEST(SimulatedRestart, CountsTheFailuresOfBefore) {
  Simulation former(roster_of(1), 15);
  const Instant death = kBegin + seconds(600);
  former.script(0, but_between(always(Reason::None), death, Instant::max(), Reason::Refused));
  Instant second{};
  former.on_step([&](const Simulation::Step& step) {
    if (step.after.failures == 2) second = step.now;
  });
  while (second == Instant{}) former.run_until(former.now() + seconds(1));
  Simulation world(roster_of(1), 16, second, former.verdicts());
  world.script(0, always(Reason::Refused));
  world.run_until(second + seconds(1));
  EXPECT_FALSE(world.is_served(0)) << "the third failure is the first of this process";
}

}  // namespace
}  // namespace health
