#include "bench/load/outstanding.h"

#include <gtest/gtest.h>

#include <vector>

namespace load {
namespace {

using namespace std::chrono_literals;

Asked asked(std::uint32_t query, Time sent = {}) { return {sent, sent, query, true}; }

TEST(Outstanding, GivesEachQueryBackOnce) {
  Outstanding outstanding(4);
  const std::uint16_t first = *outstanding.add(asked(7));
  const std::uint16_t second = *outstanding.add(asked(8));
  EXPECT_NE(first, second);
  EXPECT_EQ(outstanding.size(), 2);
  EXPECT_EQ(outstanding.take(second)->query, 8);
  EXPECT_FALSE(outstanding.take(second));
  EXPECT_EQ(outstanding.take(first)->query, 7);
  EXPECT_EQ(outstanding.size(), 0);
}

TEST(Outstanding, HoldsNoMoreThanItsCapacity) {
  Outstanding outstanding(2);
  EXPECT_TRUE(outstanding.add(asked(1)));
  EXPECT_TRUE(outstanding.add(asked(2)));
  EXPECT_FALSE(outstanding.add(asked(3)));
}

TEST(Outstanding, PassesOverAPlaceThatIsTaken) {
  Outstanding outstanding(4);
  const std::uint16_t lost = *outstanding.add(asked(0));
  for (std::uint32_t query = 1; query < 20; ++query) {
    EXPECT_EQ(outstanding.take(*outstanding.add(asked(query)))->query, query);
  }
  EXPECT_EQ(outstanding.take(lost)->query, 0);
}

TEST(Outstanding, DoesNotTakeAnOldReplyForANewOne) {
  Outstanding outstanding(2);
  const std::uint16_t old = *outstanding.add(asked(1));
  outstanding.expire(Time::max(), 2, [](const Asked&) {});
  while (*outstanding.add(asked(2)) % 2 != old % 2) {
  }
  EXPECT_FALSE(outstanding.take(old));
}

TEST(Outstanding, ExpiresWhatIsOld) {
  Outstanding outstanding(4);
  (void)outstanding.add(asked(1, Time(1s)));
  const std::uint16_t young = *outstanding.add(asked(2, Time(2s)));
  std::vector<std::uint32_t> lost;
  outstanding.expire(Time(2s), 4, [&lost](const Asked& gone) { lost.push_back(gone.query); });
  EXPECT_EQ(lost, std::vector<std::uint32_t>{1});
  EXPECT_EQ(outstanding.take(young)->query, 2);
}

TEST(Outstanding, ExpiresInParts) {
  Outstanding outstanding(8);
  for (std::uint32_t query = 0; query < 8; ++query) (void)outstanding.add(asked(query));
  std::size_t lost = 0;
  for (int i = 0; i < 4; ++i) {
    outstanding.expire(Time::max(), 2, [&lost](const Asked&) { ++lost; });
    EXPECT_EQ(lost, static_cast<std::size_t>(2 * (i + 1)));
  }
}

}  // namespace
}  // namespace load
