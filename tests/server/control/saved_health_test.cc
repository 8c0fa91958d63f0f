#include "server/control/saved_health.h"

#include <gtest/gtest.h>

namespace control {
namespace {

using namespace std::chrono_literals;
using health::Reason;
using health::State;

const Clocks kThen{health::Instant(1000h), 1'795'348'800'000};
const Clocks kLater{health::Instant(2h),
                    1'795'348'800'000 + 600'000};  // another process, 10 min on

TEST(SavedHealth, KeepsAVerdictOverAProcess) {
  health::Verdict verdict;
  verdict.state = State::Failing;
  verdict.failures = 2;
  verdict.successes = 1;
  verdict.changed = kThen.steady - 1h;
  verdict.last = {false, Reason::Timeout, "no answer within 2s", kThen.steady - 3s, 2000ms, {}};
  const std::vector<health::Result> results{{kThen.steady - 8s, 4, Reason::None},
                                            {kThen.steady - 3s, 2000, Reason::Timeout}};
  const auto saved = to_saved("key", verdict, results, kThen);
  EXPECT_EQ(saved.key, "key");
  EXPECT_EQ(saved.changed, kThen.wall - 3'600'000);

  const auto back = from_saved(saved, kLater);
  EXPECT_EQ(back.verdict.state, State::Failing);
  EXPECT_EQ(back.verdict.failures, 2);
  EXPECT_EQ(back.verdict.successes, 1);
  EXPECT_EQ(back.verdict.changed, kLater.steady - 1h - 10min);
  EXPECT_EQ(back.verdict.recovering, health::Instant{}) << "none stays none";
  EXPECT_FALSE(back.verdict.last.passed);
  EXPECT_EQ(back.verdict.last.reason, Reason::Timeout);
  EXPECT_EQ(back.verdict.last.detail, "no answer within 2s");
  EXPECT_EQ(back.verdict.last.started, kLater.steady - 10min - 3s);
  ASSERT_EQ(back.results.size(), 2U);
  EXPECT_EQ(back.results[0].took, 4U);
  EXPECT_EQ(back.results[1].reason, Reason::Timeout);
}

TEST(SavedHealth, NothingIsOfTheFutureWhenTheClockWasSetBack) {
  const Clocks back{health::Instant(2h), kThen.wall - 3'600'000};
  EXPECT_EQ(back.steady_of(kThen.wall), back.steady);
}

TEST(SavedHealth, CountsForADay) {
  EXPECT_TRUE(still_count(kThen.wall - 1000, kThen));
  EXPECT_TRUE(still_count(kThen.wall - 86'399'000, kThen));
  EXPECT_FALSE(still_count(kThen.wall - 86'400'000, kThen));
  EXPECT_TRUE(still_count(kThen.wall + 60'000, kThen)) << "a clock that was set back a little";
  EXPECT_FALSE(still_count(kThen.wall + 86'400'000, kThen));
  EXPECT_FALSE(still_count(0, kThen)) << "never";
}

}  // namespace
}  // namespace control
