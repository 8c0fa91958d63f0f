#include "server/config/pool_order_yaml.h"

#include "tests/server/config/steering_files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class PoolOrderYaml : public SteeringFiles {
 protected:
  static std::string pool_with(const std::string& order) {
    return "endpoints:\n  tokyo: {A: 192.0.2.1, at: JP}\n  frankfurt: {A: 192.0.2.2, at: DE}\n"
           "pools:\n  us: {members: [frankfurt]}\n"
           "  p: {members: [tokyo, frankfurt, us], pick: nearest, order: " +
           order + "}\n";
  }
  std::vector<std::string> complaints_of(const std::string& order) {
    auto texts = complaints(pool_with(order), {"p"});
    const std::string where = "zones/a.yaml:7:";
    for (std::string& text : texts) {
      if (text.rfind(where, 0) == 0) text.erase(0, where.size());
    }
    return texts;
  }
};

TEST_F(PoolOrderYaml, ReadsOrders) {
  const auto configuration = loaded(
      pool_with("{JP: [tokyo, frankfurt], US-CA: us, NO: [frankfurt], unknown: [us, tokyo]}"),
      {"p"});
  const steering::Pool& pool = configuration.plan->pools[1];
  ASSERT_THAT(pool.order, SizeIs(3));
  EXPECT_EQ(pool.order[0].place, "JP");
  EXPECT_THAT(pool.order[0].members, ElementsAre(0, 1));
  EXPECT_EQ(pool.order[1].place, "US-CA");
  EXPECT_THAT(pool.order[1].members, ElementsAre(2));
  EXPECT_EQ(pool.order[2].place, "NO") << "Norway";
  EXPECT_THAT(pool.order_elsewhere, ElementsAre(2, 0));
}

TEST_F(PoolOrderYaml, KnowsSubdivisionsOfEveryCountry) {
  const auto configuration = loaded(pool_with("{FR-IDF: tokyo, GB-ENG: us, IN-OR: us}"), {"p"});
  const steering::Pool& pool = configuration.plan->pools[1];
  EXPECT_EQ(pool.order[0].place, "FR-IDF");
  EXPECT_EQ(pool.order[1].place, "GB-ENG");
  EXPECT_EQ(pool.order[2].place, "IN-OD") << "as databases have it by now";
  EXPECT_THAT(pool.order_elsewhere, IsEmpty());
}

TEST_F(PoolOrderYaml, SaysWhatIsWrongWithMembers) {
  EXPECT_THAT(complaints_of("{JP: [tokio]}"),
              ElementsAre("68: `JP` in `order` of pool `p`: `tokio` is no member of the pool, did "
                          "you mean `tokyo`?"));
  EXPECT_THAT(complaints_of("{JP: [tokyo, us, tokyo]}"),
              ElementsAre("79: `JP` in `order` of pool `p`: `tokyo` stands twice"));
  EXPECT_THAT(complaints_of("{unknown: []}"),
              ElementsAre("72: `unknown` in `order` of pool `p` is an empty list"));
}

TEST_F(PoolOrderYaml, SaysWhatIsWrongWithPlaces) {
  const std::string what = "63: `order` of pool `p`: ";
  EXPECT_THAT(
      complaints_of("{EU: [tokyo]}"),
      ElementsAre(what + "`EU` is a continent; here stand countries (`JP`), subdivisions "
                         "(`US-VA`) and `unknown`, and continents in the rules of `dynamic`"));
  const std::string none = " is no country (`JP`), no subdivision (`US-VA`) and not `unknown`";
  EXPECT_THAT(complaints_of("{jp: [tokyo]}"),
              ElementsAre(what + "`jp`" + none + ", did you mean `JP`?"));
  EXPECT_THAT(complaints_of("{UK: [tokyo]}"),
              ElementsAre(what + "`UK`" + none + ", did you mean `GB`?"));
  EXPECT_THAT(complaints_of("{unkown: [tokyo]}"),
              ElementsAre(what + "`unkown`" + none + ", did you mean `unknown`?"));
  EXPECT_THAT(complaints_of("{XX-CA: [tokyo]}"), ElementsAre(what + "`XX-CA`" + none));
  EXPECT_THAT(
      complaints_of("{US-VV: [tokyo]}"),
      ElementsAre(what + "`US-VV` is no subdivision of United States, did you mean `US-VA`, "
                         "`US-VI` or `US-VT`?"));
  EXPECT_THAT(complaints_of("{IN-OD: tokyo, IN-OR: us}"),
              ElementsAre("77: `order` of pool `p`: `IN-OR` is the same place as `IN-OD`"));
  EXPECT_THAT(complaints_of("{JP: tokyo, JP: us}"),
              ElementsAre("74: `JP` stands twice in `order` of pool `p`"));
}

TEST_F(PoolOrderYaml, IsAMappingForNearest) {
  EXPECT_THAT(complaints_of("[tokyo]"),
              ElementsAre("62: `order` of pool `p` is a list where `key: value` pairs belong"));
  EXPECT_THAT(complaints_of("{}"), ElementsAre("62: `order` of pool `p` is empty"));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1}\npools:\n"
                         "  p: {members: [a], pick: failover, order: {JP: a}}\n"),
              ElementsAre("zones/a.yaml:5:44: pool `p` has `order`, which only `pick: nearest` "
                          "looks at"));
}

}  // namespace
}  // namespace config
