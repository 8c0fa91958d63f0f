#include "bench/load/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace load {
namespace {

using std::chrono::nanoseconds;

TEST(Histogram, IsEmptyAtFirst) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_EQ(histogram.quantile(0.5), nanoseconds(0));
  EXPECT_EQ(histogram.max(), nanoseconds(0));
}

TEST(Histogram, IsExactForSmallValues) {
  Histogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.record(nanoseconds(i));
  EXPECT_EQ(histogram.count(), 100);
  EXPECT_EQ(histogram.quantile(0.5), nanoseconds(50));
  EXPECT_EQ(histogram.quantile(0.99), nanoseconds(99));
  EXPECT_EQ(histogram.quantile(0.999), nanoseconds(100));
  EXPECT_EQ(histogram.quantile(0), nanoseconds(1));
  EXPECT_EQ(histogram.quantile(1), nanoseconds(100));
}

TEST(Histogram, CountsWhatLiesBelowZeroAsZero) {
  Histogram histogram;
  histogram.record(nanoseconds(-5));
  EXPECT_EQ(histogram.count(), 1);
  EXPECT_EQ(histogram.quantile(1), nanoseconds(0));
}

TEST(Histogram, HoldsTheLongestTimes) {
  Histogram histogram;
  histogram.record(nanoseconds::max());
  EXPECT_EQ(histogram.quantile(0.5), nanoseconds::max());
  EXPECT_EQ(histogram.max(), nanoseconds::max());
}

TEST(Histogram, NeverReportsMoreThanTheMost) {
  Histogram histogram;
  histogram.record(nanoseconds(1'000'001));
  EXPECT_EQ(histogram.quantile(0.5), nanoseconds(1'000'001));
}

TEST(Histogram, IsAtMostOnePercentTooHighAndNeverTooLow) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latencies(11, 2);  // around 60 us
  Histogram histogram;
  std::vector<std::int64_t> values;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<std::int64_t>(latencies(random)));
    histogram.record(nanoseconds(values.back()));
  }
  std::sort(values.begin(), values.end());
  for (const double part : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(part * 20'000)) - 1;
    const std::int64_t exact = values[rank];
    const std::int64_t read = histogram.quantile(part).count();
    EXPECT_GE(read, exact) << part;
    EXPECT_LE(static_cast<double>(read), static_cast<double>(exact) * 1.01 + 1) << part;
  }
}

}  // namespace
}  // namespace load
