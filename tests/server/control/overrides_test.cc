#include "server/control/overrides.h"

#include <gmock/gmock.h>

#include "tests/server/control/configured.h"

namespace control {
namespace {

using health::Force;
using health::Override;
using health::OverrideKind;
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

Override weight(const std::string& target, std::uint32_t weight, std::int64_t created,
                std::int64_t expires = 0) {
  Override override = made(target, Force::None, created, expires);
  override.weight = weight;
  return override;
}

TEST(Overrides, OneForEachTarget) {
  Overrides overrides;
  overrides.put(made("tokyo", Force::Drained, 1));
  overrides.put(made("tokyo", Force::Down, 2));
  overrides.put(made("frankfurt", Force::Down, 2));
  ASSERT_THAT(overrides.all(), SizeIs(2));
  EXPECT_EQ(overrides.all()[0].force, Force::Down);
  EXPECT_TRUE(overrides.erase("tokyo", OverrideKind::Force));
  EXPECT_FALSE(overrides.erase("tokyo", OverrideKind::Force));
  EXPECT_THAT(overrides.all(), SizeIs(1));
}

TEST(Overrides, OneOfEachKindForATarget) {
  Overrides overrides;
  overrides.put(made("tokyo", Force::Drained, 1));
  overrides.put(weight("tokyo", 5, 2));
  overrides.put(weight("tokyo", 0, 3));
  ASSERT_THAT(overrides.all(), SizeIs(2));
  EXPECT_EQ(overrides.all()[0].force, Force::Drained);
  EXPECT_EQ(overrides.all()[1].weight, 0U);
  EXPECT_EQ(overrides.erase("tokyo", OverrideKind::Weight)->weight, 0U);
  ASSERT_THAT(overrides.all(), SizeIs(1));
  EXPECT_EQ(overrides.all()[0].force, Force::Drained);
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
        plan_.endpoints[i].faces_of(dnswire::Family::V4).front().subject)];
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
  const auto& forcing = forcings[static_cast<std::size_t>(
      plan_.endpoints[0].faces_of(dnswire::Family::V4).front().subject)];
  EXPECT_EQ(forcing.until, clocks_.steady + std::chrono::seconds(30));
  EXPECT_EQ(forcing.cap, std::chrono::seconds(7));
  const auto force = [&](std::uint32_t endpoint, std::int64_t now) {
    return overrides.in_force(index_, steering::EndpointId{endpoint}, now).force;
  };
  EXPECT_EQ(force(0, 100), &overrides.all()[0]);
  EXPECT_EQ(force(0, 130), nullptr);
  EXPECT_EQ(force(1, 100), nullptr);
}

TEST_F(OverridesOfAPlan, JoinTheKinds) {
  Overrides overrides;
  overrides.put(made("tokyo", Force::Drained, 90, 140));
  auto override = weight("pool:edges", 0, 80, 130);
  override.ttl = 7;
  overrides.put(override);
  const auto forcings = overrides.resolve(index_, plan_, subjects_, clocks_);
  const auto until = [&](int seconds) { return clocks_.steady + std::chrono::seconds(seconds); };
  const auto of = [&](std::size_t i) {
    const auto faces = plan_.endpoints[i].faces_of(dnswire::Family::V4);
    return forcings[static_cast<std::size_t>(faces.front().subject)];
  };
  const std::chrono::seconds cap(7);
  EXPECT_EQ(of(0), (health::Monitor::Forcing{Force::Drained, 0, cap, until(30)}));
  EXPECT_EQ(of(1), (health::Monitor::Forcing{Force::None, 0, cap, until(30)}));
}

}  // namespace
}  // namespace control
