#include "health/schedule.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace health {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kInterval{5000};
constexpr Duration kTenth{500};
constexpr Instant kFirst = Instant{} + std::chrono::hours(3);

std::vector<Instant> starts(Schedule schedule, int count) {
  std::vector<Instant> times;
  for (int i = 0; i < count; ++i) {
    times.push_back(schedule.next());
    schedule.advance(schedule.next());
  }
  return times;
}

TEST(Schedule, StartsExactlyAtFirst) {
  for (std::uint64_t target = 0; target < 50; ++target)
    EXPECT_EQ(Schedule(kInterval, 1, target, kFirst).next(), kFirst);
}

TEST(Schedule, GoesFromStartToStartAndNeverDrifts) {
  const std::vector<Instant> times = starts(Schedule(kInterval, 7, 3, kFirst), 1000);
  for (int n = 1; n < 1000; ++n) {
    const Instant slot = kFirst + n * kInterval;
    EXPECT_GE(times[static_cast<std::size_t>(n)], slot - kTenth);
    EXPECT_LE(times[static_cast<std::size_t>(n)], slot + kTenth);
  }
}

TEST(Schedule, UsesTheWholeWidthOfTheJitter) {
  const std::vector<Instant> times = starts(Schedule(kInterval, 7, 3, kFirst), 1000);
  int early = 0;
  int late = 0;
  std::set<Instant::duration> moves;
  for (int n = 1; n < 1000; ++n) {
    const auto move = times[static_cast<std::size_t>(n)] - (kFirst + n * kInterval);
    moves.insert(move);
    if (move < -kTenth / 2) ++early;
    if (move > kTenth / 2) ++late;
  }
  // A quarter each of 999 in expectation; fixed seed, so this is no gamble.
  EXPECT_GT(early, 180);
  EXPECT_GT(late, 180);
  EXPECT_GT(moves.size(), 400U);
}

TEST(Schedule, GivesTheSameTimesForTheSameSeedAndTarget) {
  EXPECT_EQ(starts(Schedule(kInterval, 42, 5, kFirst), 20),
            starts(Schedule(kInterval, 42, 5, kFirst), 20));
}

TEST(Schedule, GivesOtherTimesForAnotherSeedOrTarget) {
  const auto times = starts(Schedule(kInterval, 42, 5, kFirst), 20);
  EXPECT_NE(times, starts(Schedule(kInterval, 43, 5, kFirst), 20));
  EXPECT_NE(times, starts(Schedule(kInterval, 42, 6, kFirst), 20));
  EXPECT_NE(times, starts(Schedule(kInterval, 5, 42, kFirst), 20));
}

TEST(Schedule, IgnoresASmallDelay) {
  Schedule punctual(kInterval, 1, 1, kFirst);
  Schedule delayed(kInterval, 1, 1, kFirst);
  punctual.advance(kFirst);
  delayed.advance(kFirst + seconds(3));
  EXPECT_EQ(punctual.next(), delayed.next());
}

TEST(Schedule, SkipsTheStartsThatHavePassed) {
  const auto punctual = starts(Schedule(kInterval, 1, 1, kFirst), 12);
  Schedule stalled(kInterval, 1, 1, kFirst);
  stalled.advance(kFirst + 9 * kInterval + seconds(3));  // starts 1 to 9 were missed
  EXPECT_EQ(stalled.next(), punctual[10]);
  stalled.advance(stalled.next());
  EXPECT_EQ(stalled.next(), punctual[11]);
}

TEST(Schedule, AlwaysMovesPastNow) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_int_distribution<> lateness(0, 20'000);
  Schedule schedule(kInterval, seed, 0, kFirst);
  for (int i = 0; i < 5000; ++i) {
    const Instant now = schedule.next() + milliseconds(lateness(random));
    schedule.advance(now);
    EXPECT_GT(schedule.next(), now);
    EXPECT_LE(schedule.next(), now + 2 * kInterval + kTenth);
  }
}

TEST(Schedule, HurriesForOneExtraProbeAndGoesOnAsBefore) {
  const auto punctual = starts(Schedule(kInterval, 1, 1, kFirst), 4);
  Schedule schedule(kInterval, 1, 1, kFirst);
  schedule.advance(kFirst);
  schedule.hurry(kFirst + milliseconds(300), seconds(1));
  EXPECT_EQ(schedule.next(), kFirst + milliseconds(1300));
  schedule.advance(schedule.next());
  for (std::size_t n = 1; n < punctual.size(); ++n) {
    EXPECT_EQ(schedule.next(), punctual[n]);
    schedule.advance(schedule.next());
  }
}

TEST(Schedule, DoesNotHurryWhereARegularProbeIsNear) {
  Schedule schedule(kInterval, 1, 1, kFirst);
  schedule.advance(kFirst);
  const Instant regular = schedule.next();
  schedule.hurry(regular - milliseconds(1999), seconds(1));
  EXPECT_EQ(schedule.next(), regular);
  schedule.hurry(regular + seconds(1), seconds(1));
  EXPECT_EQ(schedule.next(), regular) << "it has passed already";
  schedule.hurry(kFirst, seconds(0));
  EXPECT_EQ(schedule.next(), regular) << "0 is no haste";
  schedule.hurry(regular - milliseconds(2000), seconds(1));
  EXPECT_EQ(schedule.next(), regular - milliseconds(1000));
}

TEST(Schedule, KeepsTheSoonerOfTwoExtraProbes) {
  Schedule schedule(kInterval, 1, 1, kFirst);
  schedule.advance(kFirst);
  schedule.hurry(kFirst, seconds(1));
  schedule.hurry(kFirst + milliseconds(500), seconds(1));
  EXPECT_EQ(schedule.next(), kFirst + seconds(1));
}

TEST(Schedule, SkipsTheRegularProbeThatALateExtraOneHasPassed) {
  const auto punctual = starts(Schedule(kInterval, 1, 1, kFirst), 4);
  Schedule schedule(kInterval, 1, 1, kFirst);
  schedule.advance(kFirst);
  schedule.hurry(kFirst, seconds(1));
  schedule.advance(punctual[1]);
  EXPECT_EQ(schedule.next(), punctual[2]);
}

TEST(Schedule, SurvivesAnIntervalOfZero) {
  Schedule schedule(Duration{0}, 1, 1, kFirst);
  schedule.advance(kFirst + milliseconds(10));
  EXPECT_EQ(schedule.next(), kFirst + milliseconds(11));
}

}  // namespace
}  // namespace health
