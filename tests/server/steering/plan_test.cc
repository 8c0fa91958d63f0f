#include "server/steering/plan.h"

#include <gtest/gtest.h>

namespace steering {
namespace {

TEST(Plan, NamesPicksAsTheyAreWritten) {
  EXPECT_EQ(to_text(Pick::All), "all");
  EXPECT_EQ(to_text(Pick::Failover), "failover");
  EXPECT_EQ(to_text(Pick::Weighted), "weighted");
  EXPECT_EQ(to_text(Pick::Nearest), "nearest");
  EXPECT_EQ(to_text(Pick::Sticky), "sticky");
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

TEST(Plan, AStickyKeyIsTheSameOnEveryServer) {  // FNV-1a of 64 bits
  EXPECT_EQ(sticky_key(""), 0xcbf29ce484222325);
  EXPECT_EQ(sticky_key("a"), 0xaf63dc4c8601ec8c);
  EXPECT_EQ(sticky_key("foobar"), 0x85944171f73967e8);
}

TEST(Plan, AMemberIsAnEndpointOrAPool) {
  const Member endpoint{EndpointId{3}};
  const Member pool{PoolId{4}};
  EXPECT_EQ(*endpoint.endpoint(), EndpointId{3});
  EXPECT_EQ(endpoint.pool(), nullptr);
  EXPECT_EQ(*pool.pool(), PoolId{4});
  EXPECT_EQ(pool.endpoint(), nullptr);
}

}  // namespace
}  // namespace steering
