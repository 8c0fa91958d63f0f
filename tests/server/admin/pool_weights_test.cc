#include "server/admin/pool_weights.h"

#include <gtest/gtest.h>

namespace admin {
namespace {

using steering::EndpointId;
using steering::Pick;
using steering::PoolId;

steering::Pool pool_of(std::string name, Pick pick, std::vector<steering::Member> members) {
  steering::Pool pool;
  pool.name = std::move(name);
  pool.pick = pick;
  pool.members = std::move(members);
  return pool;
}

class PoolWeights : public testing::Test {
 protected:
  PoolWeights() {
    plan_.endpoints.resize(3);
    plan_.pools = {
        pool_of("web", Pick::Weighted, {{EndpointId{0}, 100}, {EndpointId{1}, 7}}),
        pool_of("order", Pick::Failover, {{EndpointId{0}, 1}, {EndpointId{2}, 1}}),
        pool_of("same", Pick::Sticky, {{EndpointId{0}, 50}, {EndpointId{1}, 7}, {PoolId{1}, 9}})};
  }
  [[nodiscard]] std::string text(std::uint32_t endpoint) const {
    return weights_text(plan_, pool_weights(plan_, EndpointId{endpoint}));
  }

  steering::Plan plan_;
};

TEST_F(PoolWeights, AreThoseOfPoolsThatHeedWeights) {
  const auto weights = pool_weights(plan_, EndpointId{0});
  ASSERT_EQ(weights.size(), 2U);
  EXPECT_EQ(weights[0].pool, PoolId{0});
  EXPECT_EQ(weights[0].weight, 100U);
  EXPECT_EQ(weights[1].pool, PoolId{2});
  EXPECT_EQ(weights[1].weight, 50U);
  EXPECT_TRUE(pool_weights(plan_, EndpointId{2}).empty()) << "not that of the pool that holds it";
}

TEST_F(PoolWeights, AreSaidByPoolWhereTheyDiffer) {
  EXPECT_EQ(text(0), "100 in web, 50 in same");
  EXPECT_EQ(text(1), "7");
  EXPECT_EQ(text(2), "");
}

}  // namespace
}  // namespace admin
