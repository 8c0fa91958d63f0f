#include "health/probes/lease.h"

#include <gtest/gtest.h>

#include <chrono>

namespace probes {
namespace {

using health::Duration;
using health::Instant;
using health::Observation;
using health::Reason;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kBegin{hours(1)};
constexpr Duration kPeriod{30'000};

TEST(Lease, EndsAfterOnePeriod) {
  const Lease lease(kPeriod, kBegin);
  EXPECT_EQ(lease.ends(), kBegin + seconds(30));
}

TEST(Lease, IsRenewedByAHeartbeat) {
  Lease lease(kPeriod, kBegin);
  const Instant beat = kBegin + seconds(20);
  const Observation observation = lease.renew(beat);
  EXPECT_TRUE(observation.passed);
  EXPECT_EQ(observation.reason, Reason::None);
  EXPECT_EQ(observation.started, beat);
  EXPECT_EQ(lease.ends(), beat + seconds(30));
}

TEST(Lease, FailsWhenItExpires) {
  Lease lease(kPeriod, kBegin);
  const Observation observation = lease.expire(lease.ends());
  EXPECT_FALSE(observation.passed);
  EXPECT_EQ(observation.reason, Reason::LeaseExpired);
  EXPECT_EQ(observation.detail, "no heartbeat for 30s");
  EXPECT_EQ(observation.started, kBegin + seconds(30));
}

TEST(Lease, FailsAgainWithEveryPeriodThatPasses) {
  Lease lease(kPeriod, kBegin);
  (void)lease.expire(kBegin + seconds(30));
  EXPECT_EQ(lease.ends(), kBegin + seconds(60));
  EXPECT_EQ(lease.expire(kBegin + seconds(60)).detail, "no heartbeat for 60s");
  EXPECT_EQ(lease.ends(), kBegin + seconds(90));
}

TEST(Lease, SkipsThePeriodsThatAStalledProcessMissed) {
  Lease lease(kPeriod, kBegin);
  EXPECT_EQ(lease.expire(kBegin + seconds(100)).detail, "no heartbeat for 90s");
  EXPECT_EQ(lease.ends(), kBegin + seconds(120));
}

TEST(Lease, StartsAnewWithAHeartbeatAfterItExpired) {
  Lease lease(kPeriod, kBegin);
  (void)lease.expire(kBegin + seconds(60));
  (void)lease.renew(kBegin + seconds(70));
  EXPECT_EQ(lease.ends(), kBegin + seconds(100));
  EXPECT_EQ(lease.expire(kBegin + seconds(100)).detail, "no heartbeat for 30s");
}

TEST(Lease, SaysMillisecondsWhereThereAreSome) {
  Lease lease(Duration{1500}, kBegin);
  EXPECT_EQ(lease.expire(kBegin + milliseconds(1500)).detail, "no heartbeat for 1500ms");
}

TEST(Lease, OfNoLengthStillGoesOn) {
  Lease lease(Duration{0}, kBegin);
  (void)lease.expire(lease.ends());
  EXPECT_GT(lease.ends(), kBegin);
}

TEST(Secret, IsItselfAndNothingElse) {
  EXPECT_TRUE(is_secret("b7c1", "b7c1"));
  EXPECT_FALSE(is_secret("b7c1", "b7c2"));
  EXPECT_FALSE(is_secret("b7c1", "a7c1"));
  EXPECT_FALSE(is_secret("b7c1", "b7c"));
  EXPECT_FALSE(is_secret("b7c1", ""));
  EXPECT_FALSE(is_secret("b7c1", "b7c1b7c1"));
  EXPECT_FALSE(is_secret("b7c1", std::string_view("b7c1\0", 5)));
}

TEST(Secret, EmptyMatchesNothing) {
  EXPECT_FALSE(is_secret("", ""));
  EXPECT_FALSE(is_secret("", "b7c1"));
}

}  // namespace
}  // namespace probes
