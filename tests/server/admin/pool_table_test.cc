#include "server/admin/pool_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace admin {
namespace {

using testing::ElementsAre;

ExplainedMember member(const char* name, std::size_t position, double distance) {
  ExplainedMember member;
  member.name = name;
  member.addresses = {{*dnswire::IpAddress::from_text("192.0.2.1"), "up", true, false, {}}};
  member.position = position;
  member.distance = member.counted_as = distance;
  member.why = "healthy, but farther away";
  return member;
}

TEST(PoolTable, HasTheOrderInWhichThePickLooks) {
  ExplainedPool pool;
  pool.pick = steering::Pick::Nearest;
  pool.members = {member("far", 2, 900), member("near", 1, 80)};
  pool.members[0].bias = 50;
  pool.members[0].counted_as = 450;
  pool.members[1].chosen = pool.members[1].addresses[0].chosen = true;
  pool.members[1].why = "nearest";
  EXPECT_THAT(
      pool_table(pool),
      ElementsAre("✓ near  192.0.2.1  up          80 km                    nearest",
                  "- far   192.0.2.1  up          450 km (900, bias +50%)  healthy, but farther "
                  "away"));
}

TEST(PoolTable, ShowsAWeightBesideTheConfiguredOne) {
  ExplainedPool pool;
  pool.pick = steering::Pick::Weighted;
  pool.members = {member("tokyo", 1, 0)};
  pool.members[0].weight = 0;
  pool.members[0].configured_weight = 5;
  pool.members[0].why = "not drawn this time";
  EXPECT_THAT(pool_table(pool), ElementsAre("- tokyo  192.0.2.1  up          weight 0 (5 "
                                            "configured)  not drawn this time"));
}

TEST(PoolTable, SaysWhichAddressOfAnEndpointIsOut) {
  ExplainedPool pool;
  pool.pick = steering::Pick::Failover;
  pool.members = {member("tokyo", 1, 0)};
  ExplainedMember& tokyo = pool.members[0];
  tokyo.chosen = true;
  tokyo.why = "first healthy in order";
  tokyo.addresses[0].state = "down";
  tokyo.addresses[0].served = false;
  tokyo.addresses[0].notes = "timeout, 1s ago";
  tokyo.addresses.push_back({*dnswire::IpAddress::from_text("192.0.2.11"), "up", true, true, {}});
  EXPECT_THAT(pool_table(pool),
              ElementsAre("- tokyo  192.0.2.1   down        is out (timeout, 1s ago)",
                          "✓        192.0.2.11  up          first healthy in order"));
}

TEST(PoolHead, SaysWhoseWrittenOrderCounts) {
  ExplainedPool pool;
  pool.name = "edges";
  pool.pick = steering::Pick::Nearest;
  pool.order_for = "JP";
  pool.needs = 2;
  pool.healthy = 1;
  pool.then = "spare";
  EXPECT_EQ(pool_head(pool, "", true),
            "edges, pick nearest in the order for JP: 1 healthy, needs 2; spills to spare");
}

}  // namespace
}  // namespace admin
