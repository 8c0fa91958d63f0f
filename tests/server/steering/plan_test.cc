#include "server/steering/plan.h"

#include <gtest/gtest.h>

namespace steering {
namespace {

TEST(Plan, NamesPicksAsTheyAreWritten) {
  EXPECT_EQ(to_text(Pick::All), "all");
  EXPECT_EQ(to_text(Pick::Failover), "failover");
  EXPECT_EQ(to_text(Pick::Weighted), "weighted");
  EXPECT_EQ(to_text(Pick::Nearest), "nearest");
}

TEST(Plan, NamesAllDownPoliciesAsTheyAreWritten) {
  EXPECT_EQ(to_text(AllDown::All), "all");
  EXPECT_EQ(to_text(AllDown::LastHealthy), "last_healthy");
  EXPECT_EQ(to_text(AllDown::Fallback), "fallback");
  EXPECT_EQ(to_text(AllDown::NoData), "nodata");
  EXPECT_EQ(to_text(AllDown::ServFail), "servfail");
}

TEST(Plan, ARuleWithoutConditionCatchesAll) {
  Rule rule;
  EXPECT_TRUE(rule.catches_all());
  rule.continents.push_back(geo::Continent::EU);
  EXPECT_FALSE(rule.catches_all());
}

}  // namespace
}  // namespace steering
