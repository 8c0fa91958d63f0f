#include "health/check.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace health {
namespace {

TEST(ProbeType, HasATextOfItsOwnForEach) {
  std::set<std::string_view> texts;
  for (std::size_t i = 0; i < kProbeTypeCount; ++i) {
    texts.insert(to_text(static_cast<ProbeType>(i)));
  }
  EXPECT_EQ(texts.size(), kProbeTypeCount);
  EXPECT_FALSE(texts.contains(""));
  EXPECT_EQ(to_text(ProbeType::Https), "https");
  EXPECT_EQ(to_text(ProbeType::Heartbeat), "heartbeat");
}

TEST(CheckSpec, ForgivesByDefaultNoSoonerThanItCondemns) {
  const CheckSpec check;
  EXPECT_EQ(check.thresholds.fall, 3);
  EXPECT_EQ(check.thresholds.rise, 2);
  EXPECT_EQ(check.thresholds.forgive, 3);
}

TEST(Identity, IsEmptyWithoutAnythingToLookFor) {
  EXPECT_TRUE(Identity{}.empty());
  Identity identity;
  identity.spki.push_back(std::string(32, 'k'));
  EXPECT_FALSE(identity.empty());
  identity = {};
  identity.header = "X-Edge-Token";
  EXPECT_FALSE(identity.empty());
  identity = {};
  identity.body = "edge 7";
  EXPECT_FALSE(identity.empty());
}

}  // namespace
}  // namespace health
