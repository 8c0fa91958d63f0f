#include "server/control/health_events.h"

#include <gmock/gmock.h>

namespace control {
namespace {

using dnswire::Family;
using health::Force;
using health::State;
using testing::HasSubstr;

steering::Endpoint tokyo() {
  steering::Endpoint endpoint;
  endpoint.zone = "example.org";
  endpoint.name = "tokyo";
  endpoint.faces[0].push_back({*dnswire::IpAddress::from_text("192.0.2.1"), {}});
  return endpoint;
}

health::Standing with(State state, Force force = Force::None) {
  health::Standing standing;
  standing.state = state;
  standing.force = force;
  return standing;
}

Event of(const health::Standing& before, const health::Standing& after, const std::string& why) {
  return endpoint_event(tokyo(), FaceId{}, {health::SubjectId{0}, before, after}, why);
}

std::string field(const Event& event, std::string_view key) {
  for (const auto& [name, value] : event.fields) {
    if (name == key) return value;
  }
  return "(none)";
}

TEST(HealthEvents, TellOfAFallWithItsReason) {
  const Event event = of(with(State::Failing), with(State::Down), "connection refused");
  EXPECT_EQ(event.text,
            "endpoint tokyo (192.0.2.1) of example.org: failing → down: connection refused");
  EXPECT_TRUE(event.bad);
  EXPECT_FALSE(event.minor);
  EXPECT_EQ(field(event, "served"), "no");
  EXPECT_EQ(field(event, "from"), "failing");
  EXPECT_EQ(field(event, "family"), "ipv4");
}

TEST(HealthEvents, WhatChangesNoAnswerIsMinor) {
  EXPECT_TRUE(of(with(State::Up), with(State::Failing), "").minor);
  EXPECT_TRUE(of(with(State::Down), with(State::Recovering), "").minor);
  EXPECT_TRUE(of(with(State::Unknown), with(State::Up), "").minor);
  EXPECT_FALSE(of(with(State::Unknown), with(State::Down), "").minor);
  EXPECT_FALSE(of(with(State::Recovering), with(State::Up), "").minor);
  EXPECT_FALSE(of(with(State::Up), with(State::Up, Force::Drained), "").minor);
}

TEST(HealthEvents, NameTheForcedState) {
  EXPECT_THAT(of(with(State::Up), with(State::Up, Force::Drained), "").text,
              HasSubstr("up → drained"));
}

TEST(HealthEvents, AlarmOfWhatAPersonShouldSee) {
  steering::Pool pool;
  pool.zone = "example.org";
  pool.name = "edges";
  EXPECT_EQ(origin_event(pool, Family::V6, true).text,
            "origin down: pool edges of example.org (ipv6): every endpoint passes its edge checks "
            "and fails those of the origin");
  EXPECT_FALSE(origin_event(pool, Family::V6, false).bad);
  EXPECT_THAT(isolation_event({health::Uplink::V4, true}).text, HasSubstr("cut off (ipv4)"));
  EXPECT_EQ(isolation_event({health::Uplink::V4, true}).kind, Event::Kind::Alarm);
  health::Target target;
  target.address = "192.0.2.1";
  target.check.port = 443;
  EXPECT_EQ(certificate_event(target, "tokyo of example.org", std::chrono::hours(49), true).text,
            "the certificate at 192.0.2.1 port 443 (tokyo of example.org) ends in 2 days");
  EXPECT_EQ(certificate_event(target, "", std::chrono::hours(-1), true).text,
            "the certificate at 192.0.2.1 port 443 has expired");
  EXPECT_FALSE(certificate_event(target, "", std::chrono::hours(2400), false).bad);
  EXPECT_EQ(state_event("disk full").text, "disk full");
  EXPECT_FALSE(state_event("").bad);
}

TEST(HealthEvents, TellOfOverridesWithAuthorAndReason) {
  health::Override override;
  override.target = "tok*";
  override.reason = "kernel update";
  override.author = "alice";
  override.expires = 1795348800;
  EXPECT_EQ(override_event(override, OverrideTurn::Made).text,
            "override of tok*, drained: made, until 2026-11-22T12:00:00Z, by alice (kernel "
            "update)");
  EXPECT_EQ(override_event(override, OverrideTurn::Expired).text,
            "override of tok*, drained: expired, by alice (kernel update)");
}

TEST(HealthEvents, TellOfWeights) {
  health::Override override;
  override.target = "canary";
  override.force = health::Force::None;
  override.weight = 10;
  const Event event = override_event(override, OverrideTurn::TakenBack);
  EXPECT_EQ(event.text, "override of canary, weight 10: taken back");
  EXPECT_EQ(field(event, "weight"), "10");
  EXPECT_EQ(field(event, "force"), "(none)");
}

}  // namespace
}  // namespace control
