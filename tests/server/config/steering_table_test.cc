#include "server/config/steering_table.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(SteeringTable, SharesTargetsThatAreProbedAlike) {
  SteeringTable table;
  health::CheckSpec check;
  check.port = 80;
  const auto first = table.target({"192.0.2.1", check});
  EXPECT_EQ(table.target({"192.0.2.1", check}), first);
  EXPECT_NE(table.target({"192.0.2.2", check}), first);
  check.port = 81;
  EXPECT_NE(table.target({"192.0.2.1", check}), first);
  EXPECT_EQ(table.roster.targets.size(), 3U);
}

}  // namespace
}  // namespace config
