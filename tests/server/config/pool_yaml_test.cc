#include "tests/server/config/steering_files.h"

namespace config {
namespace {

using dnswire::Family;
using steering::EndpointId;
using steering::Pick;
using steering::PoolId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kEndpoints =
    "endpoints:\n  a: {A: 192.0.2.1, at: JP}\n  b: {A: 192.0.2.2, at: DE}\npools:\n";

class PoolYaml : public SteeringFiles {};

TEST_F(PoolYaml, ReadsPools) {
  const auto configuration =
      loaded(kEndpoints +
                 "  one: {members: [a, b], pick: nearest, max: 2, min_healthy: 2, then: two}\n"
                 "  two: {members: [{a: 3}, b], pick: weighted}\n"
                 "  three: {members: a}\n",
             {"one", "three"});
  const auto& plan = configuration.plan;
  ASSERT_EQ(plan->pools.size(), 3U);
  EXPECT_EQ(plan->pools[0].zone, "example.org");
  EXPECT_EQ(plan->pools[0].pick, Pick::Nearest);
  EXPECT_EQ(plan->pools[0].max, 2);
  EXPECT_EQ(plan->pools[0].min_healthy, 2);
  EXPECT_EQ(plan->pools[0].then, PoolId{1});
  EXPECT_EQ(plan->pools[1].members[0].weight, 3U);
  EXPECT_EQ(plan->pools[1].members[1].weight, 1U);
  EXPECT_EQ(plan->pools[2].pick, Pick::All);
}

TEST_F(PoolYaml, MembersAreEndpointsAndPoolsMixed) {
  const auto configuration = loaded(kEndpoints +
                                        "  world: {members: [{eu: 3}, a, us], pick: weighted}\n"
                                        "  us: {members: [deep]}\n"
                                        "  deep: {members: [a]}\n"
                                        "  eu: {members: [b]}\n",
                                    {"world"});
  const auto& pools = configuration.plan->pools;
  ASSERT_THAT(pools[0].members, SizeIs(3));
  EXPECT_EQ(*pools[0].members[0].pool(), PoolId{3});
  EXPECT_EQ(pools[0].members[0].weight, 3U);
  EXPECT_EQ(pools[0].members[0].key, steering::sticky_key("eu"));
  EXPECT_EQ(*pools[0].members[1].endpoint(), EndpointId{0});
  EXPECT_EQ(pools[0].members[1].key, steering::sticky_key("a"));
  EXPECT_EQ(*pools[0].members[2].pool(), PoolId{1}) << "written before or after, it is the same";
  EXPECT_EQ(*pools[1].members[0].pool(), PoolId{2});
}

TEST_F(PoolYaml, ReadsSticky) {
  const auto configuration =
      loaded(kEndpoints +
                 "  usual: {members: [a, {b: 2}], pick: sticky}\n"
                 "  wide: {members: [a], pick: sticky, sticky: {ipv4: 8, ipv6: 32}}\n",
             {"usual", "wide"});
  const auto& pools = configuration.plan->pools;
  EXPECT_EQ(pools[0].pick, Pick::Sticky);
  EXPECT_THAT(pools[0].sticky_bits, ElementsAre(24, 56));
  EXPECT_EQ(pools[0].members[1].weight, 2U);
  EXPECT_THAT(pools[1].sticky_bits, ElementsAre(8, 32));
}

TEST_F(PoolYaml, SaysWhatIsWrongWithSticky) {
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [a], sticky: {ipv4: 16}}\n"),
              ElementsAre("zones/a.yaml:6:29: pool `p` has `sticky`, which only `pick: sticky` "
                          "looks at"));
  EXPECT_THAT(
      complaints(kEndpoints + "  p: {members: [a], pick: sticky, sticky: {ipv4: 25, ipv6: 15}}\n"),
      ElementsAre("zones/a.yaml:6:50: `ipv4` of `sticky` of pool `p` is `25`, which is not a "
                  "number from 8 to 24",
                  "zones/a.yaml:6:60: `ipv6` of `sticky` of pool `p` is `15`, which is not a "
                  "number from 16 to 56"));
}

TEST_F(PoolYaml, SaysWhatIsWrong) {
  EXPECT_THAT(complaints(kEndpoints + "  p: {pick: all}\n"),
              ElementsAre("zones/a.yaml:6:6: pool `p` lacks `members`"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [a, aa]}\n"),
              ElementsAre("zones/a.yaml:6:20: `members` of pool `p`: there is no endpoint and no "
                          "pool `aa`, did you mean `a`?"));
  EXPECT_THAT(complaints(kEndpoints + "  pool: {members: [a]}\n  p: {members: [polo]}\n"),
              ElementsAre("zones/a.yaml:7:17: `members` of pool `p`: there is no endpoint and no "
                          "pool `polo`, did you mean `pool`?"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: []}\n"),
              ElementsAre("zones/a.yaml:6:16: `members` of pool `p` is an empty list"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [a, b, a]}\n"),
              ElementsAre("zones/a.yaml:6:23: `members` of pool `p`: `a` stands twice"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [a], pick: closest, order: {JP: a}}\n"),
              ElementsAre("zones/a.yaml:6:27: `pick` of pool `p` is `closest`, which is none of "
                          "`all`, `failover`, `weighted`, `nearest` or `sticky`"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [a, b], min_healthy: 3}\n"),
              ElementsAre("zones/a.yaml:6:37: `min_healthy` of pool `p` is 3, more than its 2 "
                          "members"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [a], max: 101}\n"),
              ElementsAre("zones/a.yaml:6:26: `max` of pool `p` is `101`, which is not a number "
                          "from 1 to 100"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [a], then: q}\n"),
              ElementsAre("zones/a.yaml:6:27: `then` of pool `p`: there is no pool `q`, did you "
                          "mean `p`?"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [a], then: b}\n"),
              ElementsAre("zones/a.yaml:6:27: `then` of pool `p`: `b` is an endpoint; make a pool "
                          "of it"));
}

TEST_F(PoolYaml, SaysWhatIsWrongWithWeights) {
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [{a: 2}]}\n"),
              ElementsAre("zones/a.yaml:6:17: pool `p` gives a weight, but only `pick: weighted` "
                          "and `pick: sticky` look at weights"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [{a: 2, b: 3}], pick: weighted}\n"),
              ElementsAre("zones/a.yaml:6:17: a member of pool `p` with a weight is written "
                          "`{name: weight}`"));
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [{a: -1}], pick: sticky}\n"),
              ElementsAre("zones/a.yaml:6:21: the weight of a member is `-1`, which is not a "
                          "number from 0 to 1000000"));
}

TEST_F(PoolYaml, AnAnswerNamesAnAddressOnce) {
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1}\n  b: {A: [192.0.2.2, 192.0.2.1]}\n"
                         "pools:\n  p: {members: [a, b]}\n"),
              ElementsAre("zones/a.yaml:6:20: `members` of pool `p`: `b` has the address of `a`; "
                          "an answer names an address once (RFC 2181 5)"));
}

TEST_F(PoolYaml, EndpointsAndPoolsShareTheirNames) {
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1}\npools:\n  a: {members: [a]}\n"),
              ElementsAre("zones/a.yaml:5:3: pool `a` has the name of the endpoint at "
                          "zones/a.yaml:3:3; `members` name endpoints and pools alike: rename "
                          "one"));
}

TEST_F(PoolYaml, RefusesNamesThatDifferByCaseAlone) {
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1}\npools:\n  edges: {members: [a]}\n"
                         "  Edges: {members: [a]}\n"),
              ElementsAre("zones/a.yaml:6:3: pool `Edges` differs from `edges` by case alone; "
                          "overrides could not tell them apart"));
}

TEST_F(PoolYaml, NearestNeedsToKnowWhereEndpointsAre) {
  const std::string endpoints =
      "endpoints:\n  a: {A: 192.0.2.1}\n  b: {A: 192.0.2.2}\n  c: {A: 192.0.2.3, at: JP}\npools:\n";
  EXPECT_THAT(complaints(endpoints + "  p: {members: [inner], pick: nearest}\n"
                                     "  inner: {members: [a, b]}\n"),
              ElementsAre("zones/a.yaml:7:3: pool `p` has `pick: nearest`, and none of its "
                          "endpoints has an `at`: nothing can be measured; write `at`, or an "
                          "`order` for the pool"));
  EXPECT_THAT(
      warnings_of(endpoints + "  p: {members: [a, c, inner], pick: nearest}\n"
                              "  inner: {members: [b]}\n",
                  {"p"}),
      ElementsAre("zones/a.yaml:7:3: pool `p` has `pick: nearest`, and there is no `at` for `a`, "
                  "`b`: used only when nobody else is left"));
  EXPECT_THAT(
      warnings_of(endpoints + "  p: {members: [a, b, c], pick: nearest, order: {JP: a}}\n", {"p"}),
      IsEmpty());
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1, at: XX}\npools:\n"
                         "  p: {members: [a], pick: nearest}\n"),
              ElementsAre(HasSubstr("`at` of endpoint `a` is `XX`")))
      << "one mistake, one message";
}

TEST_F(PoolYaml, NamesAFewOfManyWithoutAPlace) {
  std::string text = "endpoints:\n  here: {A: 192.0.2.99, at: JP}\n";
  std::string members = "here";
  for (int i = 1; i <= 7; ++i) {
    const std::string n = std::to_string(i);
    text += "  e" + n + ": {A: 192.0.2." + n + "}\n";
    members += ", e" + n;
  }
  EXPECT_THAT(
      warnings_of(text + "pools:\n  p: {members: [" + members + "], pick: nearest}\n", {"p"}),
      ElementsAre(HasSubstr("no `at` for `e1`, `e2`, `e3`, `e4`, `e5` and 2 more: used")));
}

TEST_F(PoolYaml, AFamilyWithACheckOfTheOriginIsAGroup) {
  const auto configuration = loaded(
      "checks:\n"
      "  edge: {type: tcp, port: 443}\n"
      "  deep: {type: http, judges: origin}\n"
      "endpoints:\n"
      "  a: {A: [192.0.2.1, 192.0.2.9], AAAA: \"2001:db8::1\", checks: [edge, deep]}\n"
      "  b: {A: 192.0.2.2, check: edge}\n"
      "  c: {AAAA: \"2001:db8::3\", check: edge}\n"
      "  d: {A: [192.0.2.4, 192.0.2.5], check: deep, probe: 10.0.0.1}\n"
      "pools:\n"
      "  both: {members: [a, b, c]}\n"
      "  none: {members: [b, c]}\n"
      "  nested: {members: [behind, both, b], then: none}\n"
      "  behind: {members: [d, a], then: none}\n",
      {"nested"});
  const auto& pools = configuration.plan->pools;
  const auto& groups = configuration.roster->groups;
  const auto members = [&](std::size_t pool, Family family) {
    const auto group = pools[pool].groups[static_cast<std::size_t>(family)];
    return groups.at(static_cast<std::size_t>(*group)).members;
  };
  const auto subject = [&](std::size_t endpoint, Family family, std::size_t face = 0) {
    return configuration.plan->endpoints[endpoint].faces_of(family)[face].subject;
  };
  EXPECT_THAT(members(0, Family::V4), ElementsAre(subject(0, Family::V4), subject(0, Family::V4, 1),
                                                  subject(1, Family::V4)));
  EXPECT_THAT(members(0, Family::V6), ElementsAre(subject(0, Family::V6), subject(2, Family::V6)));
  EXPECT_FALSE(pools[1].groups[0] || pools[1].groups[1]);
  EXPECT_THAT(members(2, Family::V4),
              ElementsAre(subject(3, Family::V4), subject(0, Family::V4), subject(0, Family::V4, 1),
                          subject(1, Family::V4)))
      << "each once, those behind left out";
}

TEST_F(PoolYaml, AFamilyWithoutACheckOfTheOriginIsNone) {
  const auto configuration = loaded(
      "checks:\n  deep: {type: http, judges: origin}\n"
      "endpoints:\n  a: {A: 192.0.2.1, check: deep}\n  b: {AAAA: \"2001:db8::1\"}\n"
      "pools:\n  p: {members: [a, b]}\n",
      {"p"});
  EXPECT_TRUE(configuration.plan->pools[0].groups[0]);
  EXPECT_FALSE(configuration.plan->pools[0].groups[1]);
}

}  // namespace
}  // namespace config
