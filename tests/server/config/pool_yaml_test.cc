#include "tests/server/config/steering_files.h"

namespace config {
namespace {

using dnswire::Family;
using steering::Pick;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class PoolYaml : public SteeringFiles {};

TEST_F(PoolYaml, ReadsPools) {
  const auto configuration = loaded(
      "endpoints:\n  a: {A: 192.0.2.1}\n  b: {A: 192.0.2.2}\n"
      "pools:\n"
      "  one: {members: [a, b], pick: nearest, max: 2, min_healthy: 2, then: two}\n"
      "  two: {members: [{a: 3}, b], pick: weighted}\n"
      "  three: {members: a}\n");
  const auto& plan = configuration.plan;
  ASSERT_EQ(plan->pools.size(), 3U);
  EXPECT_EQ(plan->pools[0].zone, "example.org");
  EXPECT_EQ(plan->pools[0].pick, Pick::Nearest);
  EXPECT_EQ(plan->pools[0].max, 2);
  EXPECT_EQ(plan->pools[0].min_healthy, 2);
  EXPECT_EQ(plan->pools[0].then, steering::PoolId{1});
  EXPECT_EQ(plan->pools[1].members[0].weight, 3U);
  EXPECT_EQ(plan->pools[1].members[1].weight, 1U);
  EXPECT_EQ(plan->pools[2].pick, Pick::All);
}

TEST_F(PoolYaml, SaysWhatIsWrong) {
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

TEST_F(PoolYaml, RefusesNamesThatDifferByCaseAlone) {
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1}\npools:\n  edges: {members: [a]}\n"
                         "  Edges: {members: [a]}\n"),
              ElementsAre("zones/a.yaml:6:3: pool `Edges` differs from `edges` by case alone; "
                          "overrides could not tell them apart"));
}

TEST_F(PoolYaml, AFamilyWithACheckOfTheOriginIsAGroup) {
  const auto configuration = loaded(
      "checks:\n"
      "  edge: {type: tcp, port: 443}\n"
      "  deep: {type: http, judges: origin}\n"
      "endpoints:\n"
      "  a: {A: 192.0.2.1, AAAA: \"2001:db8::1\", checks: [edge, deep]}\n"
      "  b: {A: 192.0.2.2, check: edge}\n"
      "  c: {AAAA: \"2001:db8::3\", check: edge}\n"
      "pools:\n"
      "  both: {members: [a, b, c]}\n"
      "  none: {members: [b, c]}\n");
  const auto& pools = configuration.plan->pools;
  const auto& groups = configuration.roster->groups;
  ASSERT_THAT(groups, SizeIs(2));
  const auto members = [&](Family family) {
    return groups[static_cast<std::size_t>(*pools[0].groups[static_cast<std::size_t>(family)])]
        .members;
  };
  const auto subject = [&](std::size_t endpoint, Family family) {
    return configuration.plan->endpoints[endpoint].face(family)->subject;
  };
  EXPECT_THAT(members(Family::V4), ElementsAre(subject(0, Family::V4), subject(1, Family::V4)));
  EXPECT_THAT(members(Family::V6), ElementsAre(subject(0, Family::V6), subject(2, Family::V6)));
  EXPECT_FALSE(pools[1].groups[0] || pools[1].groups[1]);
}

TEST_F(PoolYaml, AFamilyWithoutACheckOfTheOriginIsNone) {
  const auto configuration = loaded(
      "checks:\n  deep: {type: http, judges: origin}\n"
      "endpoints:\n  a: {A: 192.0.2.1, check: deep}\n  b: {AAAA: \"2001:db8::1\"}\n"
      "pools:\n  p: {members: [a, b]}\n");
  EXPECT_TRUE(configuration.plan->pools[0].groups[0]);
  EXPECT_FALSE(configuration.plan->pools[0].groups[1]);
}

}  // namespace
}  // namespace config
