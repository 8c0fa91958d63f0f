#include "health/probes/beginning.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace probes {
namespace {

using health::Duration;
using health::Instant;
using health::State;
using health::Thresholds;
using health::Verdict;
using std::chrono::hours;
using std::chrono::seconds;

constexpr Duration kInterval{10'000};
constexpr Instant kNow{hours(1)};

TEST(FirstStart, IsAtOnceForAFew) {
  for (std::size_t i = 0; i < 64; ++i) EXPECT_EQ(first_start(kInterval, i, 64), Duration{0});
}

TEST(FirstStart, IsSpreadOverHalfASecondForMore) {
  EXPECT_EQ(first_start(kInterval, 0, 100), Duration{0});
  EXPECT_EQ(first_start(kInterval, 50, 100), Duration{250});
  EXPECT_EQ(first_start(kInterval, 99, 100), Duration{495});
}

TEST(FirstStart, IsSpreadOverAsLongAsVeryManyNeed) {
  EXPECT_EQ(first_start(kInterval, 10'000, 20'000), Duration{1250});
  EXPECT_LT(first_start(kInterval, 19'999, 20'000), Duration{2500});
}

TEST(FirstStart, IsNeverAnIntervalLate) {
  EXPECT_LT(first_start(Duration{100}, 99, 100), Duration{100});
  EXPECT_LT(first_start(kInterval, 999'999, 1'000'000), kInterval);
}

TEST(Phase, LiesWithinTheInterval) {
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    EXPECT_GE(phase_of(kInterval, 99, i), Duration{0});
    EXPECT_LT(phase_of(kInterval, 99, i), kInterval);
  }
}

TEST(Phase, SpreadsAnyNumberEvenly) {
  for (const std::uint64_t count : {10U, 1000U, 20'000U}) {
    std::vector<std::uint64_t> tenths(10);
    for (std::uint64_t i = 0; i < count; ++i)
      ++tenths[static_cast<std::size_t>(phase_of(kInterval, 7, i) * 10 / kInterval)];
    EXPECT_LE(*std::max_element(tenths.begin(), tenths.end()), count / 10 + 2) << count;
    EXPECT_GE(*std::min_element(tenths.begin(), tenths.end()) + 2, count / 10) << count;
  }
}

TEST(Phase, IsPlacedByTheSeed) {
  EXPECT_EQ(phase_of(kInterval, 7, 5), phase_of(kInterval, 7, 5));
  EXPECT_NE(phase_of(kInterval, 7, 5), phase_of(kInterval, std::uint64_t{7} << 50, 5));
}

health::Observation passed_at(Instant when) {
  health::Observation observation;
  observation.passed = true;
  observation.started = when;
  return observation;
}

Verdict down_since(Instant when) {
  Verdict verdict;
  verdict.state = State::Down;
  verdict.changed = when;
  verdict.last.reason = health::Reason::Refused;
  verdict.last.started = when;
  return verdict;
}

TEST(OneSuccessShortOfUp, IsDownUntilTheFirstSuccess) {
  for (const unsigned rise : {0U, 1U, 2U, 5U}) {
    for (const Duration failback_delay : {Duration{0}, Duration{60'000}}) {
      Thresholds thresholds;
      thresholds.rise = static_cast<std::uint16_t>(rise);
      thresholds.failback_delay = failback_delay;
      const Verdict verdict =
          one_success_short_of_up(down_since(kNow - seconds(30)), thresholds, kNow);
      EXPECT_FALSE(health::is_served(verdict.state));
      EXPECT_EQ(health::judge(thresholds, verdict, passed_at(kNow + seconds(1))).state, State::Up)
          << rise << " " << failback_delay.count();
    }
  }
}

TEST(OneSuccessShortOfUp, SaysWhatWasKnown) {
  const Verdict verdict = one_success_short_of_up(down_since(kNow - seconds(30)), {}, kNow);
  EXPECT_EQ(verdict.changed, kNow - seconds(30));
  EXPECT_EQ(verdict.last.reason, health::Reason::Refused);
}

TEST(OneSuccessShortOfUp, IsDownAgainWithAFailure) {
  const Verdict verdict = one_success_short_of_up(down_since(kNow - seconds(30)), {}, kNow);
  health::Observation failed;
  failed.reason = health::Reason::Timeout;
  failed.started = kNow;
  EXPECT_EQ(health::judge({}, verdict, failed).state, State::Down);
}

}  // namespace
}  // namespace probes
