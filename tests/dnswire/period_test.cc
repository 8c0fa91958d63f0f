#include "dnswire/period.h"

#include <gtest/gtest.h>

namespace dnswire {
namespace {

TEST(Period, IsSecondsOrHasUnits) {
  EXPECT_EQ(period_from_text("0"), 0U);
  EXPECT_EQ(period_from_text("4294967295"), 4294967295U);
  EXPECT_EQ(period_from_text("1h30m"), 5400U);
  EXPECT_EQ(period_from_text("1W2D3H4M5S"), 604800U + 2 * 86400 + 3 * 3600 + 245);
}

TEST(Period, HasFallingUnitsAndOneForEachNumber) {
  for (const char* text : {"", "h", "1x", "1h30", "30m1h", "1h1h", "-1", "+1", "1 h", "0x10",
                           "1.5h", "1hh", "4294967296x", "99999999999m1h"}) {
    const auto period = period_from_text(text);
    ASSERT_FALSE(period) << text;
    EXPECT_EQ(period.error(), Error::BadNumber) << text;
  }
}

TEST(Period, HasThirtyTwoBits) {
  for (const char* text : {"4294967296", "99999999999999999999", "7102w", "1w99999999999s"}) {
    const auto period = period_from_text(text);
    ASSERT_FALSE(period) << text;
    EXPECT_EQ(period.error(), Error::NumberTooLarge) << text;
  }
}

}  // namespace
}  // namespace dnswire
