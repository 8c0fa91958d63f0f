#include "server/config/steering_yaml.h"

#include "geo/countries.h"
#include "tests/server/config/files.h"

namespace config {
namespace {

using dnswire::Family;
using steering::Pick;
using testing::ElementsAre;
using testing::HasSubstr;

class SteeringYaml : public Files {
 protected:
  // `text`: checks, endpoints and pools.
  std::vector<std::string> complaints(const std::string& text) {
    return problems_of("zone: example.org\n" + text + "records:\n" + kApex);
  }
  std::shared_ptr<const steering::Plan> plan_of(const std::string& text) {
    EXPECT_THAT(complaints(text), ElementsAre("loaded"));
    const auto loaded = load();
    if (!loaded) return std::make_shared<const steering::Plan>();
    targets_ = loaded->targets;
    return loaded->plan;
  }
  std::vector<health::Target> targets_;
};

TEST_F(SteeringYaml, ReadsEndpoints) {
  const auto plan = plan_of(
      "checks:\n  web: {type: tcp, port: 80}\n"
      "endpoints:\n"
      "  tokyo: {A: 203.0.113.10, AAAA: \"2001:db8::10\", at: JP, check: web}\n"
      "  frankfurt: {A: 203.0.113.20, at: [50.11, 8.68], check: web, probe: 10.0.0.11}\n"
      "  virginia: {A: 203.0.113.30, at: US-VA}\n"
      "  oslo: {A: 203.0.113.40, at: NO}\n");
  ASSERT_EQ(plan->endpoints.size(), 4U);
  const auto& tokyo = plan->endpoints[0];
  EXPECT_EQ(tokyo.zone, "example.org");
  EXPECT_EQ(tokyo.face(Family::V6)->address.to_text(), "2001:db8::10");
  EXPECT_EQ(tokyo.at, geo::find_country("JP")->centroid);
  EXPECT_NE(tokyo.face(Family::V4)->target, tokyo.face(Family::V6)->target) << "judged apart";
  const auto& frankfurt = plan->endpoints[1];
  EXPECT_EQ(frankfurt.at, (geo::Coordinates{50.11, 8.68}));
  EXPECT_EQ(targets_[static_cast<std::size_t>(*frankfurt.face(Family::V4)->target)].address,
            "10.0.0.11");
  EXPECT_EQ(plan->endpoints[2].at, geo::find_subdivision("US-VA")->centroid);
  EXPECT_FALSE(plan->endpoints[2].face(Family::V4)->target);
  EXPECT_EQ(plan->endpoints[3].at, geo::find_country("NO")->centroid);
}

TEST_F(SteeringYaml, OneProbeAddressJudgesBothFamilies) {
  const auto plan = plan_of(
      "checks:\n  web: {type: tcp, port: 80}\n"
      "endpoints:\n  e: {A: 192.0.2.1, AAAA: \"2001:db8::1\", check: web, probe: 10.0.0.1}\n");
  EXPECT_EQ(plan->endpoints[0].face(Family::V4)->target,
            plan->endpoints[0].face(Family::V6)->target);
  EXPECT_EQ(targets_.size(), 1U);
}

TEST_F(SteeringYaml, ReadsPools) {
  const auto plan = plan_of(
      "endpoints:\n  a: {A: 192.0.2.1}\n  b: {A: 192.0.2.2}\n"
      "pools:\n"
      "  one: {members: [a, b], pick: nearest, max: 2, min_healthy: 2, then: two}\n"
      "  two: {members: [{a: 3}, b], pick: weighted}\n"
      "  three: {members: a}\n");
  ASSERT_EQ(plan->pools.size(), 3U);
  EXPECT_EQ(plan->pools[0].pick, Pick::Nearest);
  EXPECT_EQ(plan->pools[0].max, 2);
  EXPECT_EQ(plan->pools[0].min_healthy, 2);
  EXPECT_EQ(plan->pools[0].then, steering::PoolId{1});
  EXPECT_EQ(plan->pools[1].members[0].weight, 3U);
  EXPECT_EQ(plan->pools[1].members[1].weight, 1U);
  EXPECT_EQ(plan->pools[2].pick, Pick::All);
}

TEST_F(SteeringYaml, SaysWhatIsWrongWithAnEndpoint) {
  EXPECT_THAT(complaints("endpoints:\n  a: {at: JP}\n"),
              ElementsAre("zones/a.yaml:3:6: endpoint `a` has neither `A` nor `AAAA`"));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 203.0.113}\n"),
              ElementsAre("zones/a.yaml:3:10: `A` of endpoint `a` is `203.0.113`, which is not an "
                          "IPv4 address"));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 1234567}\n"),
              ElementsAre(HasSubstr("`1234567`, which is not an IPv4 address")));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: \"\"}\n"),
              ElementsAre("zones/a.yaml:3:10: `A` of endpoint `a` is empty"));
  EXPECT_THAT(complaints("endpoints:\n  a: {AAAA: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("is not an IPv6 address")));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1, at: XX}\n"),
              ElementsAre(HasSubstr("`XX`, which is no country")));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1, at: [95, 8]}\n"),
              ElementsAre(HasSubstr("is not [latitude, longitude] in degrees")));
  EXPECT_THAT(
      complaints("checks:\n  web: {type: http}\nendpoints:\n  a: {A: 192.0.2.1, check: wbe}\n"),
      ElementsAre("zones/a.yaml:5:28: `check` of endpoint `a`: there is no check `wbe`, did "
                  "you mean `web`?"));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1, probe: 10.0.0.1}\n"),
              ElementsAre(HasSubstr("has a `probe` address but no `check`")));
}

TEST_F(SteeringYaml, SaysWhatIsWrongWithAPool) {
  const std::string endpoints = "endpoints:\n  a: {A: 192.0.2.1}\n  b: {A: 192.0.2.2}\npools:\n";
  EXPECT_THAT(complaints(endpoints + "  p: {pick: all}\n"),
              ElementsAre("zones/a.yaml:6:6: pool `p` lacks `members`"));
  EXPECT_THAT(
      complaints(endpoints + "  p: {members: [a, aa]}\n"),
      ElementsAre("zones/a.yaml:6:20: `members` of pool `p`: there is no endpoint `aa`, did "
                  "you mean `a`?"));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1}\n  b: {A: 192.0.2.1}\npools:\n"
                         "  p: {members: [a, b]}\n"),
              ElementsAre(HasSubstr("`b` has the address of `a`")));
  EXPECT_THAT(complaints("endpoints:\n  \"a\\nb\": {A: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("the name of endpoint `a?b` has characters other than")));
  EXPECT_THAT(complaints(endpoints + "  p: {members: [a, a]}\n"),
              ElementsAre(HasSubstr("`a` stands twice")));
  EXPECT_THAT(complaints(endpoints + "  p: {members: [a], pick: closest}\n"),
              ElementsAre(HasSubstr("`pick` of pool `p` is `closest`, which is none of `all`, "
                                    "`failover`, `weighted` or `nearest`")));
  EXPECT_THAT(complaints(endpoints + "  p: {members: [{a: 2}]}\n"),
              ElementsAre(HasSubstr("only `pick: weighted` looks at weights")));
  EXPECT_THAT(complaints(endpoints + "  p: {members: [a], min_healthy: 2}\n"),
              ElementsAre(HasSubstr("is more than it has members")));
  EXPECT_THAT(complaints(endpoints + "  p: {members: [a], then: q}\n"),
              ElementsAre(HasSubstr("`then` of pool `p`: there is no pool `q`")));
  EXPECT_THAT(
      complaints(endpoints + "  p: {members: [a], then: q}\n  q: {members: [b], then: p}\n"),
      ElementsAre("zones/a.yaml:6:3: `then` leads in a circle: p → q → p",
                  "zones/a.yaml:7:3: `then` leads in a circle: q → p → q"));
  EXPECT_THAT(complaints(endpoints + "  p: {members: [a]}\n  q: {members: [p]}\n"),
              ElementsAre(HasSubstr("`p` is a pool; name its endpoints")));
}

}  // namespace
}  // namespace config
