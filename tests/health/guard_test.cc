#include "health/guard.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>

namespace health {
namespace {

using std::chrono::seconds;

constexpr Instant kBegin = Instant{} + std::chrono::hours(3);
constexpr Thresholds kOneDecides{1, 1, 1};

CheckSpec check_every(Duration interval, ProbeType type = ProbeType::Tcp) {
  CheckSpec check;
  check.type = type;
  check.interval = interval;
  check.thresholds = kOneDecides;
  return check;
}

Target target_of(std::string address, std::uint16_t port = 80) {
  Target target{std::move(address), check_every(seconds(10))};
  target.check.port = port;
  return target;
}

// A guard and the verdicts of its targets, told results by hand.
class World {
 public:
  explicit World(std::vector<Target> targets, GuardSpec spec = {})
      : targets_(std::move(targets)), spec_(std::move(spec)), verdicts_(targets_.size()) {
    adopt({});
  }

  // `hosts` addresses with one check each.
  static World of_hosts(int hosts, GuardSpec spec = {}) {
    std::vector<Target> targets;
    for (int i = 0; i < hosts; ++i) targets.push_back(target_of("192.0.2." + std::to_string(i)));
    return World(std::move(targets), std::move(spec));
  }

  std::optional<Guard::Turn> tell(std::size_t target, Reason reason) {
    Observation observation;
    observation.passed = reason == Reason::None;
    observation.reason = reason;
    observation.started = now;
    const Verdict before = verdicts_[target];
    verdicts_[target] = judge(targets_[target].check.thresholds, before, observation);
    return guard.record(static_cast<TargetId>(target), before, verdicts_[target], now);
  }
  std::optional<Guard::Turn> tell_all(Reason reason, std::size_t from = 0) {
    std::optional<Guard::Turn> turn;
    for (std::size_t i = from; i < targets_.size(); ++i) {
      if (auto next = tell(i, reason)) turn = std::move(next);
    }
    return turn;
  }

  // What an earlier process saved of the targets.
  void begin_with(std::vector<Verdict> verdicts) {
    verdicts_ = std::move(verdicts);
    guard = Guard();
    adopt({});
  }

  // A configuration whose target i was target former[i]. Verdicts go with them; others begin with
  // what `verdicts` says.
  void reload(std::vector<Target> targets, std::vector<std::optional<TargetId>> former,
              std::vector<Verdict> verdicts = {}) {
    verdicts.resize(targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (former[i]) verdicts[i] = verdicts_[static_cast<std::size_t>(*former[i])];
    }
    targets_ = std::move(targets);
    verdicts_ = std::move(verdicts);
    adopt(former);
  }
  void reload_as_is() {
    std::vector<std::optional<TargetId>> former;
    for (std::size_t i = 0; i < targets_.size(); ++i) former.push_back(static_cast<TargetId>(i));
    reload(targets_, former);
  }

  [[nodiscard]] bool isolated(Uplink uplink = Uplink::V4) const {
    return guard.is_isolated(uplink);
  }
  [[nodiscard]] bool holds(std::size_t target) const {
    return guard.holds(static_cast<TargetId>(target));
  }
  [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }
  void set_spec(GuardSpec spec) { spec_ = std::move(spec); }

  Guard guard;
  Instant now = kBegin;

 private:
  void adopt(const std::vector<std::optional<TargetId>>& former) {
    std::vector<const Verdict*> verdicts;
    for (const Verdict& verdict : verdicts_) verdicts.push_back(&verdict);
    guard.adopt(spec_, targets_, former, verdicts, now);
  }

  std::vector<Target> targets_;
  GuardSpec spec_;
  std::vector<Verdict> verdicts_;
};

std::vector<TargetId> ids(std::initializer_list<std::uint32_t> numbers) {
  std::vector<TargetId> ids;
  for (const std::uint32_t number : numbers) ids.push_back(TargetId{number});
  return ids;
}

TEST(Uplink, IsToldByTheAddress) {
  EXPECT_EQ(uplink_of(target_of("192.0.2.1")), Uplink::V4);
  EXPECT_EQ(uplink_of(target_of("2001:db8::1")), Uplink::V6);
  EXPECT_EQ(uplink_of(target_of("::ffff:192.0.2.1")), Uplink::V6);
  EXPECT_EQ(uplink_of(target_of("edge.example.org")), Uplink::Other);
  EXPECT_EQ(uplink_of(target_of("192.0.2.1.example.org")), Uplink::Other);
  EXPECT_EQ(uplink_of({"example.org/edge", check_every(seconds(30), ProbeType::Heartbeat)}),
            Uplink::Other);
  EXPECT_EQ(uplink_of({"192.0.2.1", check_every(seconds(30), ProbeType::Exec)}), std::nullopt);
}

TEST(Uplink, HasText) {
  EXPECT_EQ(to_text(Uplink::V4), "ipv4");
  EXPECT_EQ(to_text(Uplink::V6), "ipv6");
  EXPECT_EQ(to_text(Uplink::Other), "other");
}

TEST(Guard, PresumesItsOwnUplinkDeadWhenFourHostsInFiveFallSilent) {
  World world = World::of_hosts(10);
  world.tell_all(Reason::None);
  world.now += seconds(10);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_FALSE(world.tell(i, Reason::Timeout));
  EXPECT_FALSE(world.holds(0));
  const auto turn = world.tell(7, Reason::Unreachable);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->uplink, Uplink::V4);
  EXPECT_TRUE(turn->isolated);
  EXPECT_EQ(turn->targets, ids({0, 1, 2, 3, 4, 5, 6, 7})) << "those that fell before, too";
  EXPECT_TRUE(world.isolated());
  EXPECT_FALSE(world.isolated(Uplink::V6));
  EXPECT_TRUE(world.holds(0));
  EXPECT_FALSE(world.holds(8));
}

TEST(Guard, HoldsWhoFallsDuringIsolation) {
  World world = World::of_hosts(10);
  world.tell_all(Reason::None);
  for (std::size_t i = 0; i < 8; ++i) world.tell(i, Reason::Timeout);
  world.now += seconds(500);
  EXPECT_FALSE(world.tell(8, Reason::Timeout));
  EXPECT_TRUE(world.holds(8));
  EXPECT_FALSE(world.tell(9, Reason::Status)) << "that is an answer, and two in ten answer";
  EXPECT_TRUE(world.isolated()) << "nine in ten are silent";
  EXPECT_FALSE(world.holds(9)) << "a failure that is an answer counts";
}

TEST(Guard, EndsWhenEnoughHostsAnswerAndPardonsWhatWasHeld) {
  World world = World::of_hosts(10);
  world.tell_all(Reason::None);
  world.tell_all(Reason::Timeout);
  world.now += seconds(300);
  EXPECT_FALSE(world.tell(3, Reason::None));
  EXPECT_FALSE(world.holds(3)) << "it is up by its results";
  EXPECT_FALSE(world.tell(4, Reason::Refused));
  EXPECT_TRUE(world.holds(4)) << "it is down, and fell when nothing counted";
  const auto turn = world.tell(5, Reason::None);
  ASSERT_TRUE(turn);
  EXPECT_FALSE(turn->isolated);
  EXPECT_EQ(turn->targets, ids({0, 1, 2, 4, 6, 7, 8, 9}));
  EXPECT_FALSE(world.isolated());
  EXPECT_FALSE(world.holds(0));
}

TEST(Guard, TakesAnswersOfAnyKindForAWorkingNetwork) {
  for (const Reason reason : {Reason::Refused, Reason::Reset, Reason::Status, Reason::TlsExpired,
                              Reason::Identity, Reason::Body, Reason::Resource}) {
    World world = World::of_hosts(10);
    world.tell_all(Reason::None);
    EXPECT_FALSE(world.tell_all(reason)) << to_text(reason);
    EXPECT_FALSE(world.isolated());
  }
}

TEST(Guard, NeedsSoManyHosts) {
  World world = World::of_hosts(2);
  world.tell_all(Reason::None);
  EXPECT_FALSE(world.tell_all(Reason::Timeout));
  World three = World::of_hosts(3);
  three.tell_all(Reason::None);
  EXPECT_TRUE(three.tell_all(Reason::Timeout));
}

TEST(Guard, CountsAnAddressOnce) {
  World world({target_of("192.0.2.1", 80), target_of("192.0.2.1", 443), target_of("192.0.2.1", 53),
               target_of("192.0.2.2", 80)});
  world.tell_all(Reason::None);
  EXPECT_FALSE(world.tell_all(Reason::Timeout)) << "two hosts";
}

TEST(Guard, TakesAHostForSilentOnlyWhenEveryCheckOfItIs) {
  std::vector<Target> targets;
  for (int i = 0; i < 4; ++i) {
    targets.push_back(target_of("192.0.2." + std::to_string(i), 80));
    targets.push_back(target_of("192.0.2." + std::to_string(i), 443));
  }
  World world(targets);
  world.tell_all(Reason::None);
  for (std::size_t i = 0; i < 8; i += 2) EXPECT_FALSE(world.tell(i, Reason::Timeout));
  for (std::size_t i = 1; i < 7; i += 2) EXPECT_FALSE(world.tell(i, Reason::Timeout));
  const auto turn = world.tell(7, Reason::Timeout);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets.size(), 8U);
}

TEST(Guard, LeavesOutHostsThatWereSilentBefore) {
  World world = World::of_hosts(10);
  world.tell_all(Reason::None);
  for (std::size_t i = 0; i < 6; ++i) world.tell(i, Reason::Timeout);
  world.now += seconds(60);
  EXPECT_FALSE(world.tell(6, Reason::Timeout));
  EXPECT_FALSE(world.tell(7, Reason::Timeout)) << "two of the four that stood";
  EXPECT_FALSE(world.tell(8, Reason::Timeout)) << "three of four are less than 80 percent";
  const auto turn = world.tell(9, Reason::Timeout);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets, ids({6, 7, 8, 9}));
}

TEST(Guard, LooksAtTwoIntervals) {
  for (const auto& [between, expected] : {std::pair{seconds(2), true}, {seconds(11), false}}) {
    World world = World::of_hosts(10);
    world.tell_all(Reason::None);
    bool isolated = false;
    for (std::size_t i = 0; i < 10; ++i) {
      world.now += between;
      world.tell(i, Reason::Timeout);
      isolated = isolated || world.isolated();
    }
    EXPECT_EQ(isolated, expected) << between.count();
  }
}

TEST(Guard, GivesSlowChecksTheirTime) {
  std::vector<Target> targets;
  for (int i = 0; i < 5; ++i) targets.push_back(target_of("192.0.2." + std::to_string(i)));
  targets[4].check.interval = seconds(60);
  World world(targets);
  world.tell_all(Reason::None);
  for (std::size_t i = 0; i < 3; ++i) world.tell(i, Reason::Timeout);
  world.now += seconds(100);
  const auto turn = world.tell(4, Reason::Timeout);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets, ids({0, 1, 2, 4}));
}

TEST(Guard, SaysNothingAboutHostsThatNeverAnswered) {
  World world = World::of_hosts(10);
  EXPECT_FALSE(world.tell_all(Reason::Timeout));
  EXPECT_FALSE(world.isolated());
}

TEST(Guard, TellsUplinksApart) {
  std::vector<Target> targets;
  for (int i = 0; i < 5; ++i) targets.push_back(target_of("192.0.2." + std::to_string(i)));
  for (int i = 0; i < 5; ++i) targets.push_back(target_of("2001:db8::" + std::to_string(i)));
  World world(targets);
  world.tell_all(Reason::None);
  const auto turn = world.tell_all(Reason::Timeout, 5);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->uplink, Uplink::V6);
  EXPECT_TRUE(world.isolated(Uplink::V6));
  EXPECT_FALSE(world.isolated(Uplink::V4));
  EXPECT_FALSE(world.tell(0, Reason::Timeout));
  EXPECT_FALSE(world.holds(0)) << "its own uplink works";
}

TEST(Guard, LeavesProgramsAlone) {
  std::vector<Target> targets(5, {"192.0.2.1", check_every(seconds(10), ProbeType::Exec)});
  World world(targets);
  world.tell_all(Reason::None);
  EXPECT_FALSE(world.tell_all(Reason::Timeout));
  EXPECT_FALSE(world.holds(0));
}

World with_canaries(int hosts, int canaries, GuardSpec spec = {}) {
  std::vector<Target> targets;
  for (int i = 0; i < hosts; ++i) targets.push_back(target_of("192.0.2." + std::to_string(i)));
  for (int i = 0; i < canaries; ++i) {
    targets.push_back(target_of("198.51.100." + std::to_string(i)));
    spec.canaries.push_back(static_cast<TargetId>(hosts + i));
  }
  return World(std::move(targets), std::move(spec));
}

TEST(Guard, IsNotCutOffWhileACanaryAnswers) {
  World world = with_canaries(5, 2);
  world.tell_all(Reason::None);
  world.tell(5, Reason::Timeout);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_FALSE(world.tell(i, Reason::Timeout));
  EXPECT_FALSE(world.tell(6, Reason::Refused)) << "that is an answer";
  const auto turn = world.tell(6, Reason::Timeout);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets, ids({0, 1, 2, 3, 4})) << "canaries are not held";
}

TEST(Guard, IsCutOffWhenEveryCanaryAndMostHostsAreSilent) {
  World world = with_canaries(3, 2);
  world.tell_all(Reason::None);
  world.tell(0, Reason::Timeout);
  world.tell(1, Reason::Timeout);
  EXPECT_FALSE(world.tell(3, Reason::Timeout));
  const auto turn = world.tell(4, Reason::Timeout);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets, ids({0, 1}));
  const auto end = world.tell(3, Reason::Reset);
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->isolated);
  EXPECT_EQ(end->targets, ids({0, 1}));
}

TEST(Guard, IsNotCutOffByCanariesWhileMostHostsAnswer) {
  World world = with_canaries(5, 2);
  world.tell_all(Reason::None);
  EXPECT_FALSE(world.tell_all(Reason::Timeout, 5)) << "canaries may die, too";
  world.tell(0, Reason::Timeout);
  EXPECT_FALSE(world.tell(1, Reason::Timeout));
  EXPECT_FALSE(world.holds(1)) << "failover goes on";
  const auto turn = world.tell(2, Reason::Timeout);
  ASSERT_TRUE(turn) << "three of five";
  EXPECT_EQ(turn->targets, ids({0, 1, 2}));
  const auto end = world.tell(2, Reason::None);
  ASSERT_TRUE(end) << "two of five, whatever canaries do";
  EXPECT_EQ(end->targets, ids({0, 1}));
}

TEST(Guard, IsNotCutOffByACanaryAndOneOfTwoHosts) {
  World world = with_canaries(2, 1);
  world.tell_all(Reason::None);
  world.tell(2, Reason::Timeout);
  EXPECT_FALSE(world.tell(0, Reason::Timeout)) << "each may be dead";
  EXPECT_TRUE(world.tell(1, Reason::Timeout));
}

TEST(Guard, LeavesHostsThatWereSilentBeforeOutOfTheCount) {
  World world = with_canaries(6, 1);
  world.tell_all(Reason::None);
  world.tell_all(Reason::Timeout, 6);
  world.tell(0, Reason::Timeout);
  world.tell(1, Reason::Timeout);
  world.now += seconds(60);
  EXPECT_FALSE(world.tell(2, Reason::Timeout)) << "one of the four that stood";
  EXPECT_FALSE(world.tell(3, Reason::Timeout)) << "half of them";
  const auto turn = world.tell(4, Reason::Timeout);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets, ids({2, 3, 4}));
}

TEST(Guard, ListensToCanariesAloneWithoutHosts) {
  World world = with_canaries(0, 1);
  world.tell_all(Reason::None);
  EXPECT_TRUE(world.tell(0, Reason::Timeout));
  EXPECT_TRUE(world.tell(0, Reason::None));
}

TEST(Guard, WaitsForTheVerdictOnACanary) {
  std::vector<Target> targets{target_of("192.0.2.1"), target_of("198.51.100.1")};
  targets[1].check.thresholds = {3, 2, 3};
  World world(targets, {80, 3, ids({1})});
  world.tell_all(Reason::None);
  world.tell(0, Reason::Timeout);
  EXPECT_FALSE(world.tell(1, Reason::Timeout)) << "one lost packet is no dead uplink";
  EXPECT_FALSE(world.tell(1, Reason::Timeout));
  EXPECT_TRUE(world.tell(1, Reason::Timeout));
}

TEST(Guard, IsCutOffFromTheStartWhenCanariesNeverAnswer) {
  World world = with_canaries(2, 1);
  EXPECT_FALSE(world.tell(0, Reason::Timeout));
  const auto turn = world.tell(2, Reason::Timeout);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets, ids({0}));
  world.tell(1, Reason::Timeout);
  EXPECT_TRUE(world.holds(1));
}

TEST(Guard, ListensToCanariesAloneWithAShareOfZero) {
  World world = with_canaries(5, 1, {0, 3, {}});
  for (std::size_t i = 0; i < 5; ++i) world.tell(i, Reason::None);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_FALSE(world.tell(i, Reason::Timeout));
  EXPECT_TRUE(world.tell(5, Reason::Timeout));
}

TEST(Guard, KnowsItsCanaries) {
  const World world = with_canaries(2, 1);
  EXPECT_FALSE(world.guard.is_canary(TargetId{1}));
  EXPECT_TRUE(world.guard.is_canary(TargetId{2}));
}

TEST(Guard, KeepsIsolationOverAReload) {
  World world = World::of_hosts(5);
  world.tell_all(Reason::None);
  world.tell_all(Reason::Timeout);
  ASSERT_TRUE(world.isolated());
  world.now += seconds(1000);
  // The third goes, one comes, the rest in another order.
  world.reload({target_of("192.0.2.4"), target_of("192.0.2.9"), target_of("192.0.2.0"),
                target_of("192.0.2.1"), target_of("192.0.2.3")},
               {TargetId{4}, std::nullopt, TargetId{0}, TargetId{1}, TargetId{3}});
  EXPECT_TRUE(world.isolated());
  EXPECT_TRUE(world.holds(0));
  EXPECT_FALSE(world.holds(1));
  EXPECT_FALSE(world.tell(1, Reason::Timeout));
  EXPECT_TRUE(world.holds(1)) << "its first result counts no more than others";
  const auto turn = world.tell(2, Reason::None);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets, ids({0, 3, 4, 1})) << "in the order in which they came to be held";
}

TEST(Guard, KeepsTheWindowOverAReload) {
  World world = World::of_hosts(5);
  world.tell_all(Reason::None);
  for (std::size_t i = 0; i < 3; ++i) world.tell(i, Reason::Timeout);
  world.reload_as_is();
  const auto turn = world.tell(3, Reason::Timeout);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets, ids({0, 1, 2, 3}));
}

TEST(Guard, EndsIsolationWhereNobodyIsLeftToAnswer) {
  World world = World::of_hosts(5);
  world.tell_all(Reason::None);
  world.tell_all(Reason::Timeout);
  world.reload({}, {});
  EXPECT_FALSE(world.isolated());
}

TEST(Guard, HearsOfNewCanariesAtAReload) {
  World world = World::of_hosts(5);
  world.tell_all(Reason::None);
  world.tell_all(Reason::Timeout);
  std::vector<Target> targets = world.targets();
  targets.push_back(target_of("198.51.100.1"));
  world.set_spec({80, 3, ids({5})});
  world.reload(targets, {TargetId{0}, TargetId{1}, TargetId{2}, TargetId{3}, TargetId{4}, {}});
  EXPECT_TRUE(world.isolated());
  const auto turn = world.tell(5, Reason::None);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets.size(), 5U);
}

TEST(Guard, KnowsFromRestoredVerdictsWhoStood) {
  std::vector<Target> targets;
  std::vector<Verdict> verdicts(5);
  std::vector<const Verdict*> pointers;
  for (std::size_t i = 0; i < 5; ++i) {
    targets.push_back(target_of("192.0.2." + std::to_string(i)));
    verdicts[i].state = i == 0 ? State::Down : State::Up;
    verdicts[i].last.passed = i != 0;
    verdicts[i].last.reason = i == 0 ? Reason::Timeout : Reason::None;
    verdicts[i].last.started = kBegin - seconds(600);
    verdicts[i].changed = kBegin - seconds(600);
    pointers.push_back(&verdicts[i]);
  }
  Guard guard;
  guard.adopt({}, targets, {}, pointers, kBegin);
  Verdict down;
  down.state = State::Down;
  down.last.reason = Reason::Timeout;
  for (std::uint32_t i = 1; i < 4; ++i) {
    EXPECT_FALSE(guard.record(TargetId{i}, verdicts[i], down, kBegin));
  }
  const auto turn = guard.record(TargetId{4}, verdicts[4], down, kBegin);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->targets, ids({1, 2, 3, 4})) << "the first was down long before";
}

// As it is saved while this node is cut off: what is held as up, and its newest result is silence.
Verdict saved_while_held() {
  Verdict verdict;
  verdict.state = State::Up;
  verdict.last.reason = Reason::Timeout;
  verdict.last.started = kBegin - seconds(600);
  verdict.changed = kBegin - seconds(600);
  return verdict;
}

TEST(Guard, GoesOnWithAnIsolationOfTheProcessBefore) {
  World world = World::of_hosts(5);
  world.begin_with(std::vector<Verdict>(5, saved_while_held()));
  EXPECT_FALSE(world.isolated()) << "nothing was seen by this process";
  const auto turn = world.tell(0, Reason::Timeout);
  ASSERT_TRUE(turn);
  EXPECT_TRUE(turn->isolated);
  EXPECT_EQ(turn->targets, ids({0}));
  world.now += seconds(10);
  EXPECT_FALSE(world.tell_all(Reason::Timeout, 1));
  for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(world.holds(i)) << i;
  EXPECT_FALSE(world.tell(0, Reason::None));
  const auto end = world.tell(1, Reason::None);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->targets, ids({2, 3, 4}));
}

TEST(Guard, GivesHostsThatWereSilentInTheProcessBeforeTwoIntervals) {
  World world = World::of_hosts(5);
  world.begin_with(std::vector<Verdict>(5, saved_while_held()));
  world.now += seconds(21);
  EXPECT_FALSE(world.tell(0, Reason::Timeout));
}

TEST(Guard, TakesAHostForGoneThatWasDownByACheckInTheProcessBefore) {
  std::vector<Target> targets;
  for (int i = 0; i < 4; ++i) {
    targets.push_back(target_of("192.0.2." + std::to_string(i), 80));
    targets.push_back(target_of("192.0.2." + std::to_string(i), 443));
  }
  std::vector<Verdict> verdicts(8, saved_while_held());
  World up(targets);
  up.begin_with(verdicts);
  EXPECT_TRUE(up.tell(0, Reason::Timeout));
  verdicts[2].state = verdicts[4].state = State::Down;
  World down(targets);
  down.begin_with(verdicts);
  EXPECT_FALSE(down.tell(0, Reason::Timeout)) << "two hosts fell";
}

TEST(Guard, HoldsACheckThatTakesThePlaceOfAHeldOne) {
  World world = World::of_hosts(5);
  world.tell_all(Reason::None);
  world.tell_all(Reason::Timeout);
  ASSERT_TRUE(world.holds(1));
  world.now += seconds(1000);
  const std::vector<Target> targets{target_of("192.0.2.0", 81), target_of("192.0.2.1"),
                                    target_of("192.0.2.2", 81), target_of("192.0.2.3"),
                                    target_of("192.0.2.4"),     target_of("192.0.2.9")};
  Verdict down = saved_while_held();
  down.state = State::Recovering;
  // The third is not known to be down, and the last is at an address where nothing was held.
  world.reload(targets, {{}, TargetId{1}, {}, TargetId{3}, TargetId{4}, {}},
               {down, {}, {}, {}, {}, down});
  EXPECT_TRUE(world.isolated());
  EXPECT_TRUE(world.holds(0));
  EXPECT_TRUE(world.holds(1));
  EXPECT_FALSE(world.holds(2));
  EXPECT_FALSE(world.holds(5));
  EXPECT_FALSE(world.tell(0, Reason::Timeout));
  EXPECT_TRUE(world.holds(0)) << "a failure more does not count either";
  EXPECT_FALSE(world.tell(1, Reason::None));
  const auto end = world.tell(3, Reason::None);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->targets, ids({0, 4})) << "it is pardoned like the others";
}

TEST(Guard, LetsACheckThatTakesThePlaceOfADeadOneBeDown) {
  World world = World::of_hosts(5);
  world.tell_all(Reason::None);
  world.tell(0, Reason::Refused);
  world.tell_all(Reason::Timeout, 1);
  ASSERT_TRUE(world.isolated());
  std::vector<Target> targets = world.targets();
  targets[0].check.port = 81;
  Verdict down = saved_while_held();
  down.state = State::Down;
  down.last.reason = Reason::Refused;
  world.reload(targets, {{}, TargetId{1}, TargetId{2}, TargetId{3}, TargetId{4}},
               {down, {}, {}, {}, {}});
  EXPECT_TRUE(world.isolated());
  EXPECT_FALSE(world.holds(0)) << "it was down by an answer, when results counted";
}

// What the header says, counted anew for every result.
bool is_cut_off(const std::vector<bool>& silent, const std::vector<bool>& gone) {
  std::size_t fallen = 0;
  std::size_t standing = 0;
  for (std::size_t i = 0; i < silent.size(); ++i) {
    if (gone[i]) continue;
    ++(silent[i] ? fallen : standing);
  }
  return fallen >= 3 && fallen * 100 >= 80 * (fallen + standing);
}

TEST(Guard, AgreesWithACountFromScratch) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  constexpr std::size_t kHosts = 12;
  World world = World::of_hosts(kHosts);
  std::vector<bool> silent(kHosts);
  std::vector<bool> gone(kHosts, true);  // silent for long, or no answer yet
  std::vector<Instant> since(kHosts);
  int turns = 0;
  int loss = 50;  // percent
  for (int step = 0; step < 50'000; ++step) {
    if (step % 100 == 0) loss = static_cast<int>(random() % 101);
    if (step % 1000 == 999) world.reload_as_is();
    world.now += std::chrono::milliseconds(random() % 1500);
    const std::size_t host = random() % kHosts;
    const bool answers = static_cast<int>(random() % 100) >= loss;
    const bool was_isolated = world.isolated();
    const auto turn = world.tell(host, answers ? Reason::None : Reason::Timeout);
    if (answers) {
      silent[host] = gone[host] = false;
    } else if (!silent[host]) {
      silent[host] = true;
      since[host] = world.now;
    }
    for (std::size_t i = 0; i < kHosts && !was_isolated; ++i) {
      if (silent[i] && world.now - since[i] > seconds(20)) gone[i] = true;
    }
    ASSERT_EQ(world.isolated(), is_cut_off(silent, gone)) << "step " << step;
    ASSERT_EQ(turn.has_value(), was_isolated != world.isolated());
    turns += turn ? 1 : 0;
  }
  EXPECT_GT(turns, 20);
}

}  // namespace
}  // namespace health
