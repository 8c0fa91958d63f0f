#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "server/state/store.h"

namespace state {
namespace {

using health::CheckSpec;
using health::Target;
using std::chrono::milliseconds;
using std::chrono::seconds;

Target sample() {
  Target target{"192.0.2.1", {}};
  target.check.type = health::ProbeType::Https;
  target.check.port = 443;
  target.check.http.headers = {{"X-A", "1"}};
  target.check.identity.header = "X-Edge-Token";
  target.check.identity.token = "secret-token";
  return target;
}

TEST(KeyOf, IsTheSameForEqualTargets) {
  EXPECT_EQ(key_of(sample()), key_of(sample()));
  EXPECT_THAT(key_of(sample()), testing::MatchesRegex("[0-9a-f]{64}"));
}

// State that outlives the process is found by it: another number forgets every verdict.
TEST(KeyOf, IsTheSameInEveryProcess) {
  EXPECT_EQ(key_of(Target{"192.0.2.1", {}}),
            "b5dd91a352d2a286792008deffa6ec45f584b46eb843b270c5debba9d4476596");
}

TEST(KeyOf, IsAnotherForEveryFieldThatDiffers) {
  const std::vector<std::function<void(Target&)>> changes{
      [](Target&) {},
      [](Target& t) { t.address = "192.0.2.2"; },
      [](Target& t) { t.check.type = health::ProbeType::Http; },
      [](Target& t) { t.check.port = 80; },
      [](Target& t) { t.check.http.method = "HEAD"; },
      [](Target& t) { t.check.http.path = "/healthz"; },
      [](Target& t) { t.check.http.host = "www.example"; },
      [](Target& t) { t.check.http.user_agent = "other"; },
      [](Target& t) { t.check.http.headers = {}; },
      [](Target& t) {
        t.check.http.headers = {{"X-A", "2"}};
      },
      [](Target& t) {
        t.check.http.status = {{200, 399}};
      },
      [](Target& t) { t.check.http.body = "ok"; },
      [](Target& t) { t.check.http.body_regex = "ok"; },
      [](Target& t) { t.check.tls.name = "www.example"; },
      [](Target& t) { t.check.tls.verify = false; },
      [](Target& t) { t.check.tls.ca_file = "/ca.pem"; },
      [](Target& t) { t.check.tls.min_version = health::TlsVersion::Tls13; },
      [](Target& t) { t.check.tls.certificate_file = "/client.pem"; },
      [](Target& t) { t.check.tls.key_file = "/client.key"; },
      [](Target& t) { t.check.tls.warn_before = seconds{60}; },
      [](Target& t) { t.check.tls.fail_before = seconds{60}; },
      [](Target& t) { t.check.dns.name = "example"; },
      [](Target& t) { t.check.dns.type = "A"; },
      [](Target& t) { t.check.dns.rcode = 3; },
      [](Target& t) { t.check.dns.answers = {"192.0.2.1"}; },
      [](Target& t) { t.check.argv = {"/bin/true"}; },
      [](Target& t) { t.check.token = "lease"; },
      [](Target& t) { t.check.identity.spki = {std::string(32, 'x')}; },
      [](Target& t) { t.check.identity.header = "X-Other"; },
      [](Target& t) { t.check.identity.token = "another"; },
      [](Target& t) { t.check.identity.body = "me"; },
      [](Target& t) { t.check.interval = milliseconds{5001}; },
      [](Target& t) { t.check.timeout = milliseconds{2001}; },
      [](Target& t) { t.check.thresholds.fall = 4; },
      [](Target& t) { t.check.thresholds.rise = 3; },
      [](Target& t) { t.check.thresholds.forgive = 4; },
      [](Target& t) { t.check.thresholds.recheck = milliseconds{0}; },
      [](Target& t) { t.check.thresholds.cooldown = milliseconds{1}; },
      [](Target& t) { t.check.thresholds.failback_delay = milliseconds{1}; },
  };
  std::set<std::string> keys;
  for (const auto& change : changes) {
    Target target = sample();
    change(target);
    keys.insert(key_of(target));
  }
  EXPECT_EQ(keys.size(), changes.size());
}

TEST(KeyOf, KeepsNeighboringTextsApart) {
  Target a = sample();
  a.check.http.path = "/ab";
  a.check.http.host = "c";
  Target b = sample();
  b.check.http.path = "/a";
  b.check.http.host = "bc";
  EXPECT_NE(key_of(a), key_of(b));
  a = b = sample();
  a.check.argv = {"a", "b"};
  b.check.argv = {"ab"};
  EXPECT_NE(key_of(a), key_of(b));
  b.check.argv = {std::string("a\0b", 3)};
  EXPECT_NE(key_of(a), key_of(b));
}

}  // namespace
}  // namespace state
