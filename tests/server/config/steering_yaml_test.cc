#include "server/config/steering_yaml.h"

#include "tests/server/config/steering_files.h"

namespace config {
namespace {

using testing::ElementsAre;

const std::string kEndpoints =
    "endpoints:\n  a: {A: 192.0.2.1}\n  b: {A: 192.0.2.2}\n  c: {A: 192.0.2.3}\npools:\n";

class SteeringYaml : public SteeringFiles {};

TEST_F(SteeringYaml, RefusesAPoolThatNothingLeadsTo) {
  EXPECT_THAT(complaints(kEndpoints + "  p: {members: [a, b, c]}\n  q: {members: [a]}\n", {"p"}),
              ElementsAre("zones/a.yaml:8:3: pool `q` is used by nothing: name it in a `dynamic` "
                          "record, or in `members` or `then` of another pool, or remove it"));
}

TEST_F(SteeringYaml, EveryMentionIsAUse) {
  const std::string text =
      "zone: example.org\n" + kEndpoints +
      "  by-rule: {members: [by-member, a], then: by-then}\n"
      "  by-member: {members: [b]}\n"
      "  by-then: {members: [c]}\n"
      "  by-fallback: {members: [a]}\n"
      "  by-until: {members: [a]}\n"
      "records:\n" +
      kApex +
      "  www: {dynamic: {pool: by-rule, all_down: {fallback: by-fallback}, until_checked: "
      "by-until}}\n";
  EXPECT_THAT(problems_of(text), ElementsAre("loaded"));
}

TEST_F(SteeringYaml, AMisspeltNameMakesNoPoolUseless) {
  EXPECT_THAT(complaints(kEndpoints + "  pool: {members: [a, b, c]}\n", {"polo"}),
              ElementsAre("zones/a.yaml:11:22: `dynamic`: there is no pool `polo`, did you mean "
                          "`pool`?"));
}

TEST_F(SteeringYaml, WarnsOfEndpointsInNoPool) {
  EXPECT_THAT(warnings_of(kEndpoints + "  p: {members: [a, c]}\n", {"p"}),
              ElementsAre("zones/a.yaml:4:3: endpoint `b` is in no pool: no answer has its "
                          "address"));
}

}  // namespace
}  // namespace config
