#include "server/admin/dependents.h"

#include <gmock/gmock.h>

#include "tests/server/control/configured.h"

namespace admin {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class Dependents : public control::Configured {
 protected:
  Dependents() {
    write("zones/example.test.yaml", R"(
zone: example.test
endpoints:
  tokyo: {A: 192.0.2.1}
  spare: {A: 192.0.2.2}
  last:  {A: 192.0.2.3}
  alone: {A: 192.0.2.4}
pools:
  end:    {members: [last]}
  second: {members: [spare], then: end}
  first:  {members: [tokyo], then: second}
  other:  {members: [alone]}
records:
  "@":   {NS: ns1}
  ns1:   {A: 192.0.2.53}
  www:   {dynamic: first}
  "*":   {dynamic: {rules: [{net: 198.51.100.0/24, pool: other}, {pool: second}]}}
  alone: {dynamic: {pool: other, all_down: {fallback: end}}}
)");
  }
  std::vector<std::string> names(std::uint32_t endpoint, std::size_t limit = 100,
                                 health::OverrideKind kind = health::OverrideKind::Force) {
    const control::Loaded loaded = load();
    return names_resting_on(*loaded.configuration.zones, *loaded.configuration.plan,
                            {steering::EndpointId{endpoint}}, kind, limit);
  }
};

TEST_F(Dependents, AreFoundThroughRulesChainsAndFallbacks) {
  EXPECT_THAT(names(0), UnorderedElementsAre("www.example.test"));
  EXPECT_THAT(names(1), UnorderedElementsAre("www.example.test", "*.example.test"));
  EXPECT_THAT(names(2),
              UnorderedElementsAre("www.example.test", "*.example.test", "alone.example.test"));
  EXPECT_THAT(names(3), UnorderedElementsAre("*.example.test", "alone.example.test"));
}

TEST_F(Dependents, OfAWeightAreThoseWhosePoolsHeedIt) {
  write("zones/example.test.yaml", R"(
zone: example.test
endpoints:
  stable: {A: 192.0.2.1}
  canary: {A: 192.0.2.2}
pools:
  drawn: {members: [{stable: 9}, {canary: 1}], pick: weighted}
  order: {members: [stable, canary], pick: failover}
  outer: {members: [drawn], pick: failover}
records:
  "@":   {NS: ns1}
  ns1:   {A: 192.0.2.53}
  www:   {dynamic: drawn}
  outer: {dynamic: outer}
  order: {dynamic: order}
)");
  EXPECT_THAT(names(1), SizeIs(3));
  EXPECT_THAT(names(1, 100, health::OverrideKind::Weight),
              UnorderedElementsAre("www.example.test", "outer.example.test"));
}

TEST_F(Dependents, AreNotMoreThanAsked) { EXPECT_THAT(names(2, 2), SizeIs(2)); }

}  // namespace
}  // namespace admin
