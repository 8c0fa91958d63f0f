#include "health/watch.h"

#include <gtest/gtest.h>

#include <chrono>

namespace health {
namespace {

using std::chrono::seconds;

constexpr Instant kFirst = Instant{} + std::chrono::hours(3);
constexpr Duration kTook{7};

CheckSpec check_of() {
  CheckSpec check;
  check.interval = Duration{10'000};
  return check;
}

// Runs one probe at the time that is due.
Instant probe(Watch& watch, const CheckSpec& check, bool passed) {
  const Instant start = watch.next();
  watch.start(start);
  Observation observation;
  observation.passed = passed;
  observation.reason = passed ? Reason::None : Reason::Timeout;
  observation.started = start;
  observation.took = kTook;
  watch.record(check, observation, start + kTook);
  return start;
}

TEST(Watch, ReturnsTheVerdictBefore) {
  const CheckSpec check = check_of();
  Watch watch(check, 1, 1, kFirst);
  watch.start(kFirst);
  Observation observation;
  observation.passed = true;
  observation.started = kFirst;
  EXPECT_EQ(watch.record(check, observation, kFirst).state, State::Unknown);
  EXPECT_EQ(watch.verdict().state, State::Up);
  EXPECT_EQ(watch.record(check, {}, kFirst).state, State::Up);
  EXPECT_EQ(watch.verdict().state, State::Failing);
}

TEST(Watch, LooksAgainSoonAfterTheFirstContradiction) {
  const CheckSpec check = check_of();
  Watch watch(check, 1, 1, kFirst);
  probe(watch, check, true);
  EXPECT_GE(watch.next(), kFirst + seconds(9));
  const Instant failed = probe(watch, check, false);
  EXPECT_EQ(watch.next(), failed + kTook + check.thresholds.recheck);
  const Instant extra = probe(watch, check, false);
  EXPECT_GE(watch.next(), extra + seconds(6)) << "only once";
  probe(watch, check, false);
  EXPECT_EQ(watch.verdict().state, State::Down);
  const Instant risen = probe(watch, check, true);
  EXPECT_EQ(watch.verdict().state, State::Recovering);
  EXPECT_EQ(watch.next(), risen + kTook + check.thresholds.recheck);
}

TEST(Watch, DoesNotHurryWhereTheFirstResultDecides) {
  const CheckSpec check = check_of();
  Watch watch(check, 1, 1, kFirst);
  probe(watch, check, false);
  EXPECT_EQ(watch.verdict().state, State::Down);
  EXPECT_GE(watch.next(), kFirst + seconds(9));
}

TEST(Watch, KeepsTheLatestResultsOldestFirst) {
  const CheckSpec check = check_of();
  Watch watch(check, 1, 1, kFirst);
  EXPECT_TRUE(watch.results().empty());
  std::vector<Instant> starts;
  for (int i = 0; i < 20; ++i) starts.push_back(probe(watch, check, i % 2 == 0));
  const std::vector<Result> results = watch.results();
  ASSERT_EQ(results.size(), kResultsKept);
  for (std::size_t i = 0; i < kResultsKept; ++i) {
    const std::size_t which = i + 20 - kResultsKept;
    EXPECT_EQ(results[i].started, starts[which]);
    EXPECT_EQ(results[i].took, 7U);
    EXPECT_EQ(results[i].reason, which % 2 == 0 ? Reason::None : Reason::Timeout);
  }
}

TEST(Watch, GoesOnFromWhatIsRestored) {
  const CheckSpec check = check_of();
  Watch former(check, 1, 1, kFirst);
  for (const bool passed : {true, false, false}) probe(former, check, passed);
  Watch watch(check, 2, 1, kFirst + seconds(60));
  watch.restore(former.verdict(), former.results());
  EXPECT_EQ(watch.results().size(), 3U);
  probe(watch, check, false);
  EXPECT_EQ(watch.verdict().state, State::Down) << "two failures were counted before";
  EXPECT_EQ(watch.results().size(), 4U);
  EXPECT_EQ(watch.results().back().started, kFirst + seconds(60));
}

TEST(Watch, RestoresTheNewestOfTooManyResults) {
  std::vector<Result> results(40);
  for (std::size_t i = 0; i < results.size(); ++i) {
    results[i].took = static_cast<std::uint32_t>(i);
  }
  Watch watch(check_of(), 1, 1, kFirst);
  watch.restore({}, results);
  ASSERT_EQ(watch.results().size(), kResultsKept);
  EXPECT_EQ(watch.results().front().took, 40 - kResultsKept);
  EXPECT_EQ(watch.results().back().took, 39U);
}

TEST(Watch, IsJudgedAnewAfterAPardon) {
  const CheckSpec check = check_of();
  Watch watch(check, 1, 1, kFirst);
  for (int i = 0; i < 4; ++i) probe(watch, check, false);
  const Instant now = kFirst + seconds(100);
  watch.pardon(now);
  EXPECT_EQ(watch.verdict().state, State::Up);
  EXPECT_EQ(watch.verdict().changed, now);
  EXPECT_EQ(results_to_flip(check.thresholds, watch.verdict()), 3);
  EXPECT_FALSE(watch.verdict().last.passed) << "what was seen stays";
  EXPECT_EQ(watch.results().size(), 4U);
}

TEST(Watch, ForgetsFailuresByAPardonWhileUp) {
  const CheckSpec check = check_of();
  Watch watch(check, 1, 1, kFirst);
  for (const bool passed : {true, false, false}) probe(watch, check, passed);
  const Instant changed = watch.verdict().changed;
  watch.pardon(kFirst + seconds(100));
  EXPECT_EQ(watch.verdict().state, State::Up);
  EXPECT_EQ(watch.verdict().failures, 0);
  EXPECT_EQ(watch.verdict().changed, changed);
}

TEST(Watch, StaysUnknownThroughAPardon) {
  Watch watch(check_of(), 1, 1, kFirst);
  watch.pardon(kFirst);
  EXPECT_EQ(watch.verdict().state, State::Unknown);
}

}  // namespace
}  // namespace health
