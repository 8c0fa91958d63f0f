#include "health/judge.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <string_view>

namespace health {
namespace {

using std::chrono::seconds;

Observation result(bool passed, Instant started = Instant{}) {
  return {passed, passed ? Reason::None : Reason::Refused, passed ? "" : "connection refused",
          started, Duration{7}};
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
        Sequence{"ZeroThresholdsMeanOne", {0, 0, 0}, "UFUF", "udud"}),
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

TEST(Reason, HasATextOfItsOwnForEach) {
  std::set<std::string_view> texts;
  for (std::size_t i = 0; i < kReasonCount; ++i) texts.insert(to_text(static_cast<Reason>(i)));
  EXPECT_EQ(texts.size(), kReasonCount);
  EXPECT_EQ(to_text(Reason::None), "none");
  EXPECT_EQ(to_text(Reason::TlsName), "tls_name");
  EXPECT_EQ(to_text(Reason::Resource), "resource");
}

}  // namespace
}  // namespace health
