#include "server/control/overrides.h"

#include <gmock/gmock.h>

#include "tests/server/control/configured.h"

namespace control {
namespace {

using health::Force;
using health::Override;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Override made(const std::string& target, Force force, std::int64_t created,
              std::int64_t expires = 0) {
  Override override;
  override.target = target;
  override.force = force;
  override.created = created;
  override.expires = expires;
  return override;
}

TEST(Overrides, OneForEachTarget) {
  Overrides overrides;
  overrides.put(made("tokyo", Force::Drained, 1));
  overrides.put(made("tokyo", Force::Down, 2));
  overrides.put(made("frankfurt", Force::Down, 2));
  ASSERT_THAT(overrides.all(), SizeIs(2));
  EXPECT_EQ(overrides.all()[0].force, Force::Down);
  EXPECT_TRUE(overrides.erase("tokyo"));
  EXPECT_FALSE(overrides.erase("tokyo"));
  EXPECT_THAT(overrides.all(), SizeIs(1));
}

TEST(Overrides, EndWhenTheirTimeIsOver) {
  Overrides overrides;
  EXPECT_FALSE(overrides.next_expiry());
  overrides.put(made("a", Force::Down, 1));
  EXPECT_FALSE(overrides.next_expiry());
  overrides.put(made("b", Force::Down, 1, 50));
  overrides.put(made("c", Force::Down, 1, 20));
  EXPECT_EQ(overrides.next_expiry(), 20);
  EXPECT_THAT(overrides.expire(19), IsEmpty());
  const auto expired = overrides.expire(20);
  ASSERT_THAT(expired, SizeIs(1));
  EXPECT_EQ(expired[0].target, "c");
  EXPECT_EQ(overrides.next_expiry(), 50);
}

class OverridesOfAPlan : public Configured {
 protected:
  const Loaded loaded_ = load();
  const steering::Plan& plan_ = *loaded_.configuration.plan;
  const std::size_t subjects_ = loaded_.configuration.roster->subjects.size();
  const EndpointIndex index_{plan_, subjects_};
  const Clocks clocks_{health::Instant(std::chrono::hours(1)), 100'000};
};

TEST_F(OverridesOfAPlan, HoldForEndpointsPoolsAndGlobs) {
  Overrides overrides;
  EXPECT_THAT(overrides.resolve(index_, plan_, subjects_, clocks_),
              testing::Each(health::Monitor::Forcing{}));
  overrides.put(made("pool:edges", Force::Drained, 1));
  overrides.put(made("tok*", Force::Up, 2));
  const auto forcings = overrides.resolve(index_, plan_, subjects_, clocks_);
  const auto of = [&](std::size_t i) {
    return forcings[static_cast<std::size_t>(
        plan_.endpoints[i].face(dnswire::Family::V4)->subject)];
  };
  ASSERT_EQ(plan_.endpoints[0].name, "tokyo");
  EXPECT_EQ(of(0).force, Force::Up) << "the newest";
  EXPECT_EQ(of(1).force, Force::Drained);
  EXPECT_EQ(of(1).until, health::Instant::max());
}

TEST_F(OverridesOfAPlan, TellWhenTheyEndOnTheMonotonicClock) {
  Overrides overrides;
  auto override = made("tokyo", Force::Down, 90, 130);
  override.ttl = 7;
  overrides.put(override);
  const auto forcings = overrides.resolve(index_, plan_, subjects_, clocks_);
  const auto& forcing =
      forcings[static_cast<std::size_t>(plan_.endpoints[0].face(dnswire::Family::V4)->subject)];
  EXPECT_EQ(forcing.until, clocks_.steady + std::chrono::seconds(30));
  EXPECT_EQ(forcing.cap, std::chrono::seconds(7));
  EXPECT_EQ(overrides.find(index_, steering::EndpointId{0}, 100), &overrides.all()[0]);
  EXPECT_EQ(overrides.find(index_, steering::EndpointId{0}, 130), nullptr);
  EXPECT_EQ(overrides.find(index_, steering::EndpointId{1}, 100), nullptr);
}

}  // namespace
}  // namespace control
