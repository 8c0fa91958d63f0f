#include "server/control/alias_event.h"

#include <gtest/gtest.h>

namespace control {
namespace {

using Kind = aliases::Event::Kind;

Event told(Kind kind, const char* text) {
  return alias_event(
      {kind, *dnswire::Name::from_text("tunnel.example.net."), dnswire::Family::V6, text});
}

TEST(AliasEvent, SaysWhatHappenedToWhom) {
  EXPECT_EQ(told(Kind::Failing, "SERVFAIL from 192.0.2.53:53").text,
            "alias target tunnel.example.net. (ipv6) cannot be resolved: SERVFAIL from "
            "192.0.2.53:53; what was known last, if anything, is served");
  EXPECT_EQ(told(Kind::Gone, "NXDOMAIN").text,
            "alias target tunnel.example.net. (ipv6) has no addresses: NXDOMAIN");
  EXPECT_EQ(told(Kind::Resolved, "").text, "alias target tunnel.example.net. (ipv6) is resolved");
}

TEST(AliasEvent, IsAnAlarmForTheWorseOrTheBetter) {
  EXPECT_TRUE(told(Kind::Failing, "timeout").bad);
  EXPECT_TRUE(told(Kind::Gone, "NXDOMAIN").bad);
  const Event resolved = told(Kind::Resolved, "");
  EXPECT_FALSE(resolved.bad);
  EXPECT_FALSE(resolved.minor);
  EXPECT_EQ(resolved.kind, Event::Kind::Alarm);
  EXPECT_TRUE(told(Kind::Special, "").minor) << "for the log alone";
}

}  // namespace
}  // namespace control
