#include "bench/load/pacing.h"

#include <gtest/gtest.h>

#include <random>

namespace load {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1000s};

TEST(Pace, SpacesQueriesEvenly) {
  const Pace pace(kStart, 1000);
  EXPECT_EQ(pace.due(0), kStart);
  EXPECT_EQ(pace.due(1), kStart + 1ms);
  EXPECT_EQ(pace.due(5000), kStart + 5s);
}

TEST(Pace, CountsWhatIsDue) {
  const Pace pace(kStart, 1000);
  EXPECT_EQ(pace.due_by(kStart - 1ns), 0);
  EXPECT_EQ(pace.due_by(kStart), 1);
  EXPECT_EQ(pace.due_by(kStart + 999'999ns), 1);
  EXPECT_EQ(pace.due_by(kStart + 1ms), 2);
  EXPECT_EQ(pace.due_by(kStart + 1s), 1001);
}

TEST(Pace, KeepsToItsTimetableHoweverLateItIsAsked) {
  const Pace pace(kStart, 250'000);
  EXPECT_EQ(pace.due_by(kStart + 60s), 60 * 250'000 + 1);
  EXPECT_EQ(pace.due(60 * 250'000), kStart + 60s);
}

TEST(Pace, AgreesWithItselfAtEveryRate) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const Pace pace(kStart, 1 + random() % kMaxRate);
    const Time now =
        kStart +
        std::chrono::nanoseconds(
            random() % static_cast<std::uint64_t>(std::chrono::nanoseconds(kMaxRun).count()));
    const std::uint64_t count = pace.due_by(now);
    ASSERT_GE(count, 1);
    ASSERT_LE(pace.due(count - 1), now);
    ASSERT_GT(pace.due(count), now);
  }
}

TEST(Plan, GoesFromWarmUpOverMeasuringToTheEnd) {
  const Plan plan{1s, 10s, 0};
  EXPECT_EQ(plan.phase(0s, 0), Phase::WarmUp);
  EXPECT_EQ(plan.phase(1s - 1ns, 100), Phase::WarmUp);
  EXPECT_EQ(plan.phase(1s, 100), Phase::Measured);
  EXPECT_EQ(plan.phase(11s - 1ns, 100), Phase::Measured);
  EXPECT_EQ(plan.phase(11s, 100), Phase::Drain);
}

TEST(Plan, EndsWithItsNumber) {
  const Plan plan{0s, 10s, 4000};
  EXPECT_EQ(plan.phase(0s, 0), Phase::Measured);
  EXPECT_EQ(plan.phase(1s, 3999), Phase::Measured);
  EXPECT_EQ(plan.phase(1s, 4000), Phase::Drain);
}

}  // namespace
}  // namespace load
