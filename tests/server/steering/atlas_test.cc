#include "server/steering/atlas.h"

#include <gmock/gmock.h>

#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using geo::CountryCode;
using testing::IsEmpty;
using testing::SizeIs;
using zones::DynamicId;

geo::Location place(const char* country) {
  geo::Location location;
  location.country = CountryCode::from_text(country);
  return location;
}

// Two pools; the map knows two countries.
class AtlasTest : public testing::Test {
 protected:
  AtlasTest() {
    one_ = world_.add_pool("one", {{world_.add("a", "192.0.2.1")}}, Pick::All);
    two_ = world_.add_pool("two", {{world_.add("b", "192.0.2.2")}}, Pick::All);
    world_.map = map_of({{net("20.0.0.0/8"), place("JP")}, {net("30.0.0.0/8"), place("FR")}});
  }

  // Leads those whom the rule catches to "two", everybody else to "one".
  DynamicId add_record(const Conditions& conditions) {
    const DynamicId id = world_.add_record(one_);
    Rule rule = conditions.rule();
    rule.pool = two_;
    record(id).rules.insert(record(id).rules.begin(), std::move(rule));
    return id;
  }
  DynamicRecord& record(DynamicId id) { return world_.plan.records[static_cast<std::size_t>(id)]; }
  static Conditions country(const char* code) {
    return {.countries = {*CountryCode::from_text(code)}};
  }

  [[nodiscard]] Atlas atlas() const { return Atlas::compile(world_.plan, world_.map); }
  [[nodiscard]] bool share(DynamicId a, DynamicId b) const {
    const Atlas atlas = this->atlas();
    return &atlas.chart(a, Family::V4) == &atlas.chart(b, Family::V4) &&
           &atlas.chart(a, Family::V6) == &atlas.chart(b, Family::V6);
  }
  // Whether changing the second of two alike records parts them.
  template <class Change>
  bool parts(const Change& change) {
    world_.plan.records.clear();
    const DynamicId a = add_record(country("JP"));
    const DynamicId b = add_record(country("JP"));
    change(record(b));
    return !share(a, b);
  }

  World world_;
  PoolId one_{}, two_{};
};

TEST_F(AtlasTest, HasAChartForEachRecordAndFamily) {
  const DynamicId japan = add_record(country("JP"));
  const DynamicId france = add_record(country("FR"));
  const Atlas atlas = this->atlas();
  EXPECT_EQ(atlas.chart(japan, Family::V4).find(ip("20.0.0.1")).of->pool, two_);
  EXPECT_EQ(atlas.chart(japan, Family::V6).find(ip("30.0.0.1")).of->pool, one_);
  EXPECT_EQ(atlas.chart(france, Family::V4).find(ip("30.0.0.1")).of->pool, two_);
}

TEST_F(AtlasTest, RecordsThatAskTheSameShareTheirCharts) {
  const DynamicId a = add_record(country("JP"));
  const DynamicId b = add_record(country("FR"));
  const DynamicId c = add_record(country("JP"));
  record(c).ttl = dnswire::Ttl(5);
  record(c).all_down = AllDown::NoData;
  record(c).rules[0].text = "country JP";
  EXPECT_TRUE(share(a, c)) << "what health and TTL make of it is no matter of places";
  EXPECT_FALSE(share(a, b));
  EXPECT_EQ(atlas().size().charts, 4U);
}

TEST_F(AtlasTest, RecordsThatAskSomethingElseDoNot) {
  EXPECT_FALSE(parts([](DynamicRecord&) {}));
  EXPECT_TRUE(parts([&](DynamicRecord& record) { record.rules[0].pool = one_; }));
  EXPECT_TRUE(parts([&](DynamicRecord& record) { record.rules[1].pool = two_; }));
  EXPECT_TRUE(parts([&](DynamicRecord& record) { record.fallback.pool = one_; }));
  EXPECT_TRUE(parts([&](DynamicRecord& record) { record.until_checked.pool = one_; }));
  EXPECT_TRUE(parts([](DynamicRecord& record) { record.rules.erase(record.rules.begin()); }));
  const auto with = [this](auto change) {
    return parts([&](DynamicRecord& record) { change(record.rules[0]); });
  };
  EXPECT_TRUE(with([](Rule& rule) { rule.continents = {geo::Continent::AS}; }));
  EXPECT_TRUE(with([](Rule& rule) { rule.countries.push_back(rule.countries[0]); }));
  EXPECT_TRUE(with([](Rule& rule) { rule.subdivisions = {"JP-13"}; }));
  EXPECT_TRUE(with([](Rule& rule) { rule.near = {{{35, 140}, 100}}; }));
  EXPECT_TRUE(with([](Rule& rule) { rule.asns = {64500}; }));
  EXPECT_TRUE(with([](Rule& rule) { rule.nets = {{net("20.0.0.0/9")}}; }));
  EXPECT_TRUE(with([](Rule& rule) { rule.nets.emplace(); })) << "an empty list is not no list";
}

TEST_F(AtlasTest, AliasesShareAChart) {
  for (const char* name : {"a.example.net.", "b.example.net."}) {
    DynamicRecord record;
    record.alias = Target{*dnswire::Name::from_text(name), {}};
    world_.plan.records.push_back(record);
  }
  EXPECT_TRUE(share(DynamicId{0}, DynamicId{1}));
}

TEST_F(AtlasTest, TellsHowLargeItIs) {
  EXPECT_EQ(Atlas().size().charts, 0U);
  EXPECT_EQ(atlas().size().octets, 0U);
  add_record(country("JP"));
  const Atlas::Size small = atlas().size();
  EXPECT_EQ(small.charts, 2U);
  EXPECT_LE(small.partitions, small.charts);
  EXPECT_GE(small.networks, 10U) << "a /8, the eight beside its path, and IPv6";
  EXPECT_GT(small.octets, 0U);
  for (int i = 0; i < 50; ++i) add_record(country("JP"));
  EXPECT_EQ(atlas().size().octets, small.octets) << "fifty more that ask the same cost nothing";
}

TEST_F(AtlasTest, RecordsThatTellPlacesApartAlikeShareAPartition) {
  add_record(country("JP"));
  const DynamicId other = add_record(country("JP"));
  Rule& rule = world_.plan.records[static_cast<std::size_t>(other)].rules[0];
  rule.pool = world_.add_pool("another", {}, Pick::All);
  const Atlas::Size size = atlas().size();
  EXPECT_EQ(size.charts, 4U) << "two for each record: they lead to other pools";
  EXPECT_EQ(size.partitions, 1U);
}

TEST_F(AtlasTest, ADeadRuleIsOneThatNobodyMeets) {
  const DynamicId id = add_record(country("BR"));
  const auto dead = find_dead_rules(world_.plan, world_.map, atlas());
  ASSERT_THAT(dead, SizeIs(1));
  EXPECT_EQ(dead[0].record, id);
  EXPECT_EQ(dead[0].rule, 0U);
  EXPECT_FALSE(dead[0].for_good);
  EXPECT_EQ(dead[0].why, "no network of the geo databases is left for it");
}

TEST_F(AtlasTest, ARuleThatCatchesAllIsNeverDead) {
  const DynamicId id = add_record({.nets = {{net("0.0.0.0/0"), net("::/0")}}});
  EXPECT_THAT(find_dead_rules(world_.plan, world_.map, atlas()), IsEmpty());
  EXPECT_EQ(atlas().chart(id, Family::V4).met_rules(), (std::vector<bool>{true, false}));
}

TEST_F(AtlasTest, ARuleBehindOneThatCatchesItsClientsIsDead) {
  const DynamicId id = add_record(country("JP"));
  record(id).rules.insert(record(id).rules.begin() + 1, country("JP").rule());
  const auto dead = find_dead_rules(world_.plan, world_.map, atlas());
  ASSERT_THAT(dead, SizeIs(1));
  EXPECT_EQ(dead[0].rule, 1U);
}

TEST_F(AtlasTest, SaysWhatNoDatabaseKnows) {
  const auto why = [this](const Conditions& rule) -> std::string {
    world_.plan.records.clear();
    add_record(rule);
    const auto dead = find_dead_rules(world_.plan, world_.map, atlas());
    if (dead.size() != 1) return "alive";
    return (dead[0].for_good ? "for good: " : "") + dead[0].why;
  };
  EXPECT_EQ(why({.asns = {64500}}), "for good: no geo database knows AS numbers");
  EXPECT_EQ(why({.subdivisions = {"JP-13"}}), "for good: no geo database knows subdivisions");
  EXPECT_EQ(why({.near = {{{-60, -120}, 10}}}), "no network of the geo databases is left for it");
  EXPECT_EQ(why({.nets = std::vector<dnswire::Prefix>()}), "its list of networks is empty");
  EXPECT_EQ(why(country("JP")), "alive");
  world_.map = {};
  EXPECT_EQ(why(country("JP")), "for good: no geo database knows countries");
  EXPECT_EQ(why({.continents = {geo::Continent::AS}}),
            "for good: no geo database knows continents");
  EXPECT_EQ(why({.near = {{{36, 138}, 1000}}}), "for good: no geo database knows where places are");
}

TEST_F(AtlasTest, ACircleAroundACountrysCentroidIsAlive) {
  add_record({.near = {{{36, 138}, 1000}}});
  EXPECT_THAT(find_dead_rules(world_.plan, world_.map, atlas()), IsEmpty())
      << "centroids are as good as the database can tell";
}

}  // namespace
}  // namespace steering
