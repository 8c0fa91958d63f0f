// The pick that draws; the seed is fixed.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/server/steering/chi_square.h"
#include "tests/server/steering/select_world.h"

namespace steering {
namespace {

using health::State;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr int kDraws = 20000;

class SelectWeighted : public SelectWorld {
 protected:
  PoolId add_pool(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    return world_.add_pool("pool", {{a_, a}, {b_, b}, {c_, c}}, Pick::Weighted);
  }

  // How often each comes first.
  Counts draw(PoolId pool) {
    const zones::DynamicId record = world_.add_record(pool);
    const Situation now = world_.situation(record, family_, "203.0.113.1");
    Counts counts;
    for (int i = 0; i < kDraws; ++i) {
      Steadiness ignored;
      world_.workspace.addresses.clear();
      select(now, pool, {}, world_.workspace, ignored);
      ++counts[world_.workspace.addresses.at(0).to_text()];
    }
    return counts;
  }
};

TEST_F(SelectWeighted, DrawsByWeight) {
  const Counts shares{{"192.0.2.1", 5}, {"192.0.2.2", 3}, {"192.0.2.3", 2}};
  EXPECT_LT(chi_square(draw(add_pool(5, 3, 2)), shares), kWorst2);
}

TEST_F(SelectWeighted, DrawsOne) {
  const PoolId pool = add_pool(5, 3, 2);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(pick_from(pool).size(), 1U);
}

TEST_F(SelectWeighted, SharesOfThoseThatAreDownFallToTheOthersByTheirWeights) {
  world_.set("a", State::Down);
  const Counts counts = draw(add_pool(5, 3, 2));
  EXPECT_EQ(counts.size(), 2U);
  EXPECT_LT(chi_square(counts, {{"192.0.2.2", 3}, {"192.0.2.3", 2}}), kWorst2);
}

TEST_F(SelectWeighted, AnOperatorsWeightStandsInPlaceOfTheConfigurations) {
  world_.standing("a").weight = 1;
  world_.standing("c").weight = 0;
  const Counts counts = draw(add_pool(5, 3, 2));
  EXPECT_EQ(counts.size(), 2U);
  EXPECT_LT(chi_square(counts, {{"192.0.2.1", 1}, {"192.0.2.2", 3}}), kWorst2);
  world_.standing("c").weight = 4;
  EXPECT_LT(
      chi_square(draw(add_pool(5, 3, 0)), {{"192.0.2.1", 1}, {"192.0.2.2", 3}, {"192.0.2.3", 4}}),
      kWorst2);
}

TEST_F(SelectWeighted, NeverDrawsZeroUnlessThereIsNothingElse) {
  const PoolId pool = add_pool(0, 1, 0);
  for (int i = 0; i < 200; ++i) ASSERT_THAT(pick_from(pool), ElementsAre("192.0.2.2"));
  world_.set("b", State::Down);
  EXPECT_LT(chi_square(draw(pool), {{"192.0.2.1", 1}, {"192.0.2.3", 1}}), kWorst2)
      << "all zero counts as all equal";
}

TEST_F(SelectWeighted, ZeroComesBehindTheOthersWhereMaxAsksForMore) {
  const PoolId pool = add_pool(0, 1, 1);
  world_.pool(pool).max = 3;
  for (int i = 0; i < 50; ++i) {
    const auto drawn = pick_from(pool);
    ASSERT_EQ(drawn.size(), 3U);
    ASSERT_EQ(drawn.back(), "192.0.2.1");
  }
}

TEST_F(SelectWeighted, DrawsDistinctMembers) {
  const PoolId pool = add_pool(1000, 1, 1);
  world_.pool(pool).max = 3;
  EXPECT_THAT(pick_from(pool), UnorderedElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
}

TEST_F(SelectWeighted, WeightsOfFourBillionDoNotOverflow) {
  const std::uint32_t most = 0xffffffff;
  EXPECT_LT(chi_square(draw(add_pool(most, most, most)),
                       {{"192.0.2.1", 1}, {"192.0.2.2", 1}, {"192.0.2.3", 1}}),
            kWorst2);
}

TEST_F(SelectWeighted, RestsOnEveryMember) {
  world_.set("c", State::Down, 4);
  std::ignore = pick(Pick::Weighted);
  EXPECT_EQ(steadiness_.time, std::chrono::seconds(4)) << "c's return changes the shares";
}

TEST_F(SelectWeighted, AnEndpointOfSeveralAddressesHasOneShare) {
  world_.put_face("a", "192.0.2.11");
  const Counts counts = draw(add_pool(1, 1, 1));
  EXPECT_LT(chi_square(counts, {{"192.0.2.1", 1}, {"192.0.2.2", 1}, {"192.0.2.3", 1}}), kWorst2);
  world_.set("a", State::Down);
  EXPECT_LT(
      chi_square(draw(add_pool(1, 1, 1)), {{"192.0.2.11", 1}, {"192.0.2.2", 1}, {"192.0.2.3", 1}}),
      kWorst2)
      << "as long as one of them stands";
}

TEST_F(SelectWeighted, APoolHasTheShareThatItsMemberLineSays) {
  const PoolId inner = world_.add_pool("inner", {{a_, 1}, {b_, 3}}, Pick::Weighted);
  const PoolId outer = world_.add_pool("outer", {{inner, 2}, {c_, 1}}, Pick::Weighted);
  const Counts shares{{"192.0.2.1", 2}, {"192.0.2.2", 6}, {"192.0.2.3", 4}};
  EXPECT_LT(chi_square(draw(outer), shares), kWorst2);
}

}  // namespace
}  // namespace steering
