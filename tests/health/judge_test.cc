#include "health/judge.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <ostream>
#include <random>
#include <string>
#include <string_view>

namespace health {
namespace {

using std::chrono::seconds;

Observation result(bool passed, Instant started = Instant{}) {
  return {passed,
          passed ? Reason::None : Reason::Refused,
          passed ? "" : "connection refused",
          started,
          Duration{7},
          std::nullopt};
}

char letter(State state) {
  switch (state) {
    case State::Unknown:
      return '?';
    case State::Up:
      return 'u';
    case State::Failing:
      return 'f';
    case State::Down:
      return 'd';
    case State::Recovering:
      return 'r';
  }
  return '!';
}

// U: a probe that passed, F: one that failed.
Verdict judge_all(const Thresholds& thresholds, std::string_view results) {
  Verdict verdict;
  for (const char each : results) verdict = judge(thresholds, verdict, result(each == 'U'));
  return verdict;
}

std::string states_after(const Thresholds& thresholds, std::string_view results) {
  std::string states;
  for (std::size_t length = 1; length <= results.size(); ++length)
    states += letter(judge_all(thresholds, results.substr(0, length)).state);
  return states;
}

struct Sequence {
  std::string_view name;
  Thresholds thresholds;  // fall, rise, forgive
  std::string_view results;
  std::string_view states;
};

void PrintTo(const Sequence& sequence, std::ostream* out) { *out << sequence.name; }

class JudgeSequence : public testing::TestWithParam<Sequence> {};

TEST_P(JudgeSequence, GivesTheseStates) {
  EXPECT_EQ(states_after(GetParam().thresholds, GetParam().results), GetParam().states);
}

INSTANTIATE_TEST_SUITE_P(
    Judge, JudgeSequence,
    testing::Values(
        Sequence{"FirstSuccessDecides", {3, 2, 2}, "U", "u"},
        Sequence{"FirstFailureDecides", {3, 2, 2}, "F", "d"},
        Sequence{"StaysUp", {3, 2, 2}, "UUUU", "uuuu"},
        Sequence{"FailuresNeedNotBeConsecutive", {3, 2, 2}, "UUFUFUUFFF", "uuffffuffd"},
        Sequence{"OneInTwoFailsFallsInTheEnd", {3, 2, 2}, "UFUFUF", "uffffd"},
        Sequence{"ForgiveWipesTheCount", {3, 2, 2}, "UFFUUFFUUFFF", "ufffufffuffd"},
        Sequence{"ForgiveOneWipesAtOnce", {3, 2, 1}, "UFFUFFUFFF", "uffuffuffd"},
        Sequence{"AFailureWipesTheSuccessesTowardForgive", {4, 2, 2}, "UFUFUUFFFF", "uffffufffd"},
        Sequence{"RiseMustBeInARow", {3, 3, 2}, "FUUFUUU", "drrdrru"},
        Sequence{"RisenStartsWithACleanCount", {2, 2, 2}, "FUUFF", "drufd"},
        Sequence{"OneAndOneFlipsEachTime", {1, 1, 1}, "UFUFFU", "ududdu"},
        Sequence{"ZeroThresholdsMeanOne", {0, 0, 0}, "UFUF", "udud"},
        Sequence{"OneInThreeFallsInTheEnd", {}, "UUFUUFUUF", "uuffffffd"},
        Sequence{"OneLessThanFallInARowNeverDoes", {}, "UFFUUUFFUUUFFUUU", "uffffuffffuffffu"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(Judge, CountsWhatIsKnown) {
  const Verdict failing = judge_all({5, 2, 3}, "UFFU");
  EXPECT_EQ(failing.state, State::Failing);
  EXPECT_EQ(failing.failures, 2);
  EXPECT_EQ(failing.successes, 1);

  const Verdict recovering = judge_all({5, 3, 3}, "FUU");
  EXPECT_EQ(recovering.state, State::Recovering);
  EXPECT_EQ(recovering.failures, 0);
  EXPECT_EQ(recovering.successes, 2);
}

TEST(Judge, KeepsTheNewestObservation) {
  const Instant start = Instant{} + seconds(90);
  const Verdict verdict = judge({}, judge_all({}, "UU"), result(false, start));
  EXPECT_FALSE(verdict.last.passed);
  EXPECT_EQ(verdict.last.reason, Reason::Refused);
  EXPECT_EQ(verdict.last.detail, "connection refused");
  EXPECT_EQ(verdict.last.started, start);
  EXPECT_EQ(verdict.last.took, Duration{7});
}

TEST(Judge, MovesChangedOnlyWhenServedFlips) {
  const Thresholds thresholds{2, 2, 2};
  const std::string_view results = "UFUFFUU";
  const std::string_view expected = "0003336";  // index of the result that flipped last
  Verdict verdict;
  for (std::size_t i = 0; i < results.size(); ++i) {
    verdict =
        judge(thresholds, verdict, result(results[i] == 'U', Instant{} + seconds(100 + 10 * i)));
    const Instant flip =
        Instant{} + seconds(100 + 10 * (expected[i] - '0')) + Duration{7};  // when it was known
    EXPECT_EQ(verdict.changed, flip) << "after result " << i;
  }
}

TEST(Judge, CountsAFirstFailureAsAChange) {
  const Instant start = Instant{} + seconds(5);
  EXPECT_EQ(judge({}, Verdict{}, result(false, start)).changed, start + Duration{7});
}

// One result every ten seconds, the first at 0: what cooldown and failback delay do to it.
struct Damped {
  std::string_view name;
  Thresholds thresholds;
  std::string_view results;
  std::string_view states;
};

void PrintTo(const Damped& damped, std::ostream* out) { *out << damped.name; }

class JudgeDamped : public testing::TestWithParam<Damped> {};

TEST_P(JudgeDamped, GivesTheseStates) {
  std::string states;
  Verdict verdict;
  for (std::size_t i = 0; i < GetParam().results.size(); ++i) {
    const bool passed = GetParam().results[i] == 'U';
    verdict = judge(GetParam().thresholds, verdict, result(passed, Instant{} + seconds(10 * i)));
    states += letter(verdict.state);
  }
  EXPECT_EQ(states, GetParam().states);
}

constexpr Thresholds damping(Duration cooldown, Duration failback_delay) {
  return {2, 2, 2, Duration{1000}, cooldown, failback_delay};
}

INSTANTIATE_TEST_SUITE_P(
    Judge, JudgeDamped,
    testing::Values(
        Damped{"CooldownHoldsAFall", damping(seconds(40), seconds(0)), "UFFFFF", "ufffdd"},
        Damped{"CooldownHoldsARise", damping(seconds(40), seconds(0)), "FUUUUU", "drrruu"},
        Damped{"AMomentMoreIsOneResultMore", damping(Duration{40'001}, seconds(0)), "UFFFFFF",
               "uffffdd"},
        Damped{"SuccessesWipeWhatWasHeldBack", damping(seconds(40), seconds(0)), "UFFUUFF",
               "ufffufd"},
        Damped{"ASuccessDoesNotTakeDown", damping(seconds(30), seconds(0)), "UFFUFF", "ufffdd"},
        Damped{"AFailureDoesNotBringUp", damping(seconds(30), seconds(0)), "FUUFUU", "drrdru"},
        Damped{"EachChangeBeginsACooldown", damping(seconds(40), seconds(0)), "UFFFFUUUUFFFF",
               "ufffdrrrufffd"},
        Damped{"FailbackDelayCountsFromTheFirstSuccess", damping(seconds(0), seconds(30)), "FUUUU",
               "drrru"},
        Damped{"FailbackDelayBeginsAnewAfterAFailure", damping(seconds(0), seconds(30)), "FUUFUUUU",
               "drrdrrru"},
        Damped{"FailbackDelayDoesNotHoldTheFirstResult", damping(seconds(0), seconds(30)), "UFFUU",
               "ufdrr"},
        Damped{"TheLongerOfBothHolds", damping(seconds(60), seconds(20)), "FUUUUUU", "drrrrru"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(Judge, DoesNotOverflowItsCounts) {
  const Thresholds thresholds{0xffff, 2, 0xffff};
  Verdict verdict = judge(thresholds, Verdict{}, result(true));
  for (int i = 0; i < 0xfffe; ++i) verdict = judge(thresholds, verdict, result(false));
  EXPECT_EQ(verdict.state, State::Failing);
  EXPECT_EQ(judge(thresholds, verdict, result(false)).state, State::Down);
}

TEST(Judge, TakesAVerdictCountedUnderHigherThresholds) {
  const Verdict verdict = judge_all({9, 9, 9}, "UFFFFF");
  EXPECT_EQ(results_to_flip({3, 2, 2}, verdict), 1);
  EXPECT_EQ(judge({3, 2, 2}, verdict, result(false)).state, State::Down);
}

TEST(Judge, CapsTheFailuresThatACooldownHoldsBack) {
  const Thresholds thresholds = damping(seconds(1000), seconds(0));
  const Verdict verdict = judge_all(thresholds, "UFFFFFFF");
  EXPECT_EQ(verdict.state, State::Failing);
  EXPECT_EQ(verdict.failures, 2);
  EXPECT_EQ(results_to_flip(thresholds, verdict), 1);
}

TEST(Judge, KnowsWhenTheRunOfSuccessesBegan) {
  const Thresholds thresholds{2, 3, 2};
  Verdict verdict = judge(thresholds, {}, result(false, Instant{} + seconds(10)));
  EXPECT_EQ(verdict.recovering, Instant{});
  verdict = judge(thresholds, verdict, result(true, Instant{} + seconds(20)));
  verdict = judge(thresholds, verdict, result(true, Instant{} + seconds(30)));
  EXPECT_EQ(verdict.recovering, Instant{} + seconds(20) + Duration{7});
  verdict = judge(thresholds, verdict, result(false, Instant{} + seconds(40)));
  EXPECT_EQ(verdict.recovering, Instant{});
}

struct Contradiction {
  std::string_view results;  // the last one is judged
  bool contradicts = false;
};

class ContradictsFirst : public testing::TestWithParam<Contradiction> {};

TEST_P(ContradictsFirst, ForTheFirstResultAgainstTheState) {
  const std::string_view results = GetParam().results;
  const Thresholds thresholds{3, 3, 2};
  EXPECT_EQ(contradicts_first(judge_all(thresholds, results.substr(0, results.size() - 1)),
                              judge_all(thresholds, results)),
            GetParam().contradicts);
}

INSTANTIATE_TEST_SUITE_P(Judge, ContradictsFirst,
                         testing::Values(Contradiction{"U", false}, Contradiction{"F", false},
                                         Contradiction{"UU", false}, Contradiction{"UF", true},
                                         Contradiction{"UFF", false}, Contradiction{"UFUF", false},
                                         Contradiction{"UFUUF", true}, Contradiction{"UFFF", false},
                                         Contradiction{"FF", false}, Contradiction{"FU", true},
                                         Contradiction{"FUU", false}, Contradiction{"FUF", false},
                                         Contradiction{"FUFU", true}, Contradiction{"FUUU", false},
                                         Contradiction{"FUUUF", true}),
                         [](const auto& instance) { return std::string(instance.param.results); });

TEST(ContradictsFirst, IsFalseWhereOneResultDecides) {
  EXPECT_FALSE(contradicts_first(judge_all({1, 1, 1}, "U"), judge_all({1, 1, 1}, "UF")));
  EXPECT_FALSE(contradicts_first(judge_all({1, 1, 1}, "F"), judge_all({1, 1, 1}, "FU")));
}

TEST(ResultsToFlip, IsTheDistanceToTheThreshold) {
  const Thresholds thresholds{4, 3, 2};
  EXPECT_EQ(results_to_flip(thresholds, Verdict{}), 1);
  EXPECT_EQ(results_to_flip(thresholds, judge_all(thresholds, "U")), 4);
  EXPECT_EQ(results_to_flip(thresholds, judge_all(thresholds, "UF")), 3);
  EXPECT_EQ(results_to_flip(thresholds, judge_all(thresholds, "UFU")), 3);
  EXPECT_EQ(results_to_flip(thresholds, judge_all(thresholds, "UFUU")), 4);
  EXPECT_EQ(results_to_flip(thresholds, judge_all(thresholds, "UFFF")), 1);
  EXPECT_EQ(results_to_flip(thresholds, judge_all(thresholds, "F")), 3);
  EXPECT_EQ(results_to_flip(thresholds, judge_all(thresholds, "FUU")), 1);
}

// The promise that TTLs rest on: fewer results than this never flip, this many of one kind do.
TEST(ResultsToFlip, IsTheFewestResultsThatFlip) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto draw = [&random](int from, int to) {
    return static_cast<std::uint16_t>(std::uniform_int_distribution<>(from, to)(random));
  };
  for (int round = 0; round < 2000; ++round) {
    const Thresholds thresholds{draw(1, 6), draw(1, 6), draw(1, 6)};
    std::string results;
    for (int length = draw(1, 12); length > 0; --length) results += draw(0, 1) != 0 ? 'U' : 'F';
    const Verdict verdict = judge_all(thresholds, results);
    const bool served = is_served(verdict.state);
    Verdict next = verdict;
    for (int left = results_to_flip(thresholds, verdict); left > 0; --left) {
      EXPECT_EQ(is_served(next.state), served) << results;
      next = judge(thresholds, next, result(!served));
    }
    EXPECT_NE(is_served(next.state), served) << results;
  }
}

struct Steady {
  std::string_view name;
  Thresholds thresholds;
  std::string_view results;  // one every ten seconds
  int seconds = 0;
};

void PrintTo(const Steady& steady, std::ostream* out) { *out << steady.name; }

class SteadyFor : public testing::TestWithParam<Steady> {};

TEST_P(SteadyFor, IsTheTimeInWhichNothingCanChange) {
  CheckSpec check;
  check.interval = seconds(10);
  check.thresholds = GetParam().thresholds;
  Verdict verdict;
  for (std::size_t i = 0; i < GetParam().results.size(); ++i) {
    verdict = judge(check.thresholds, verdict,
                    result(GetParam().results[i] == 'U', Instant{} + seconds(10 * i)));
  }
  EXPECT_EQ(steady_for(check, verdict), seconds(GetParam().seconds));
}

INSTANTIATE_TEST_SUITE_P(
    Judge, SteadyFor,
    testing::Values(
        Steady{"NothingIsKnown", {}, "", 0}, Steady{"Up", {}, "U", 30},
        Steady{"FailingOnce", {}, "UF", 20}, Steady{"FailingTwice", {}, "UFF", 10},
        Steady{"Forgiven", {}, "UFFUUU", 30}, Steady{"Down", {}, "F", 20},
        Steady{"Recovering", {}, "FU", 10},
        Steady{"CooldownIsLonger", damping(seconds(60), seconds(0)), "U", 60},
        Steady{"CooldownPasses", damping(seconds(60), seconds(0)), "UUUU", 30},
        Steady{"CooldownHasPassed", damping(seconds(60), seconds(0)), "UUUUUUUU", 20},
        Steady{"CooldownHoldsEnoughFailures", damping(seconds(60), seconds(0)), "UFFF", 30},
        Steady{"NoSuccessYet", damping(seconds(0), seconds(60)), "F", 70},
        Steady{"FailbackDelayPasses", damping(seconds(0), seconds(60)), "FUUU", 40},
        Steady{"FailbackDelayHasNearlyPassed", damping(seconds(0), seconds(60)), "FUUUUUU", 10},
        Steady{"FailbackDelayIsNotForThoseUp", damping(seconds(0), seconds(60)), "U", 20}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(SteadyFor, CountsTheCooldownFromAPardon) {
  CheckSpec check;
  check.interval = seconds(10);
  check.thresholds = damping(seconds(60), seconds(0));
  Verdict verdict = judge_all(check.thresholds, "U");
  verdict.changed = Instant{} + seconds(500);
  EXPECT_EQ(steady_for(check, verdict), seconds(60));
}

struct Bound {
  std::string_view name;
  Thresholds thresholds;
  int timeout = 2;  // seconds
  int longest = 0;  // ms
};

void PrintTo(const Bound& bound, std::ostream* out) { *out << bound.name; }

class LongestToFall : public testing::TestWithParam<Bound> {};

TEST_P(LongestToFall, OfAnIntervalOfTenSeconds) {
  CheckSpec check;
  check.interval = seconds(10);
  check.timeout = seconds(GetParam().timeout);
  check.thresholds = GetParam().thresholds;
  EXPECT_EQ(longest_to_fall(check).count(), GetParam().longest);
}

constexpr Thresholds hasty(std::uint16_t fall, Duration recheck) {
  return {fall, 2, fall, recheck, Duration{0}, Duration{0}};
}

INSTANTIATE_TEST_SUITE_P(
    Judge, LongestToFall,
    testing::Values(
        Bound{"OneResult", hasty(1, seconds(1)), 2, 14'000},
        Bound{"TheSecondIsTheRecheck", hasty(2, seconds(1)), 2, 17'000},
        Bound{"TheThirdIsRegular", hasty(3, seconds(1)), 2, 24'000},
        Bound{"TheFourthIsOneIntervalLater", hasty(4, seconds(1)), 2, 34'000},
        Bound{"WithoutHaste", hasty(3, seconds(0)), 2, 34'000},
        Bound{"ARecheckThatMayComeTooLate", hasty(3, Duration{3'001}), 2, 34'000},
        Bound{"ARecheckThatIsJustInTime", hasty(3, seconds(3)), 2, 24'000},
        Bound{"ATimeoutThatLeavesNoRoom", hasty(2, seconds(1)), 7, 29'000},
        Bound{"ARecheckThatALateProbeLeavesNoRoomFor", hasty(3, seconds(1)), 4, 30'000},
        Bound{"RegularProbesWaitForASlowRecheck", hasty(3, seconds(1)), 6, 34'000},
        Bound{"ATimeoutLongerThanTheInterval", hasty(3, seconds(1)), 15, 60'000},
        Bound{
            "AShortCooldownIsOverBefore", {3, 2, 3, seconds(1), seconds(8), seconds(0)}, 2, 24'000},
        Bound{"ALongCooldownHolds", {3, 2, 3, seconds(1), seconds(60), seconds(0)}, 2, 76'000}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(LongestToFall, IsTheLeaseForHeartbeats) {
  CheckSpec check;
  check.type = ProbeType::Heartbeat;
  check.interval = seconds(30);
  check.timeout = seconds(0);
  check.thresholds = hasty(1, seconds(0));
  EXPECT_EQ(longest_to_fall(check), seconds(30));
  check.thresholds.fall = 3;
  EXPECT_EQ(longest_to_fall(check), seconds(90)) << "one result with every lease that passes";
  check.thresholds.cooldown = seconds(100);
  EXPECT_EQ(longest_to_fall(check), seconds(120));
}

TEST(State, IsServedUnlessDownOrRecovering) {
  EXPECT_TRUE(is_served(State::Unknown));
  EXPECT_TRUE(is_served(State::Up));
  EXPECT_TRUE(is_served(State::Failing));
  EXPECT_FALSE(is_served(State::Down));
  EXPECT_FALSE(is_served(State::Recovering));
}

TEST(State, HasText) {
  EXPECT_EQ(to_text(State::Unknown), "unknown");
  EXPECT_EQ(to_text(State::Up), "up");
  EXPECT_EQ(to_text(State::Failing), "failing");
  EXPECT_EQ(to_text(State::Down), "down");
  EXPECT_EQ(to_text(State::Recovering), "recovering");
}

TEST(State, IsReadBackFromItsText) {
  for (const State state :
       {State::Unknown, State::Up, State::Failing, State::Down, State::Recovering}) {
    EXPECT_EQ(state_from_text(to_text(state)), state);
  }
  EXPECT_EQ(state_from_text("drained"), std::nullopt);
}

}  // namespace
}  // namespace health
