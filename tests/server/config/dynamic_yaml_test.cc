#include "tests/server/config/dynamic_files.h"

namespace config {
namespace {

using dnswire::Ttl;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DynamicYaml : public DynamicFiles {};

TEST_F(DynamicYaml, ReadsAPoolInShort) {
  for (const char* dynamic : {"all", "{pool: all}", "{rules: [{pool: all}]}"}) {
    const auto record = record_of(dynamic);
    ASSERT_EQ(record.rules.size(), 1U) << dynamic;
    EXPECT_TRUE(record.rules[0].catches_all());
    EXPECT_EQ(record.rules[0].text, "everyone");
    EXPECT_EQ(record.ttl, Ttl(60));
    EXPECT_EQ(record.ttl_min, Ttl(5));
    EXPECT_FALSE(record.alias);
  }
}

TEST_F(DynamicYaml, ReadsRules) {
  const auto record = record_of(
      "{rules: [{country: [NO, SE], pool: eu}, {continent: EU, pool: eu}, {net: [192.0.2.0/24, "
      "\"2001:db8::/32\"], pool: eu}, {pool: all}], ttl: 2m, ttl_min: 10s, all_down: all}");
  ASSERT_EQ(record.rules.size(), 4U);
  EXPECT_EQ(record.rules[0].text, "country NO, SE");
  EXPECT_EQ(record.rules[0].countries.size(), 2U);
  EXPECT_THAT(record.rules[1].continents, ElementsAre(geo::Continent::EU));
  EXPECT_EQ(record.rules[2].nets->size(), 2U);
  EXPECT_EQ(record.rules[0].pool, steering::PoolId{1});
  EXPECT_EQ(record.rules[3].pool, steering::PoolId{0});
  EXPECT_EQ(record.ttl, Ttl(120));
  EXPECT_EQ(record.ttl_min, Ttl(10));
}

TEST_F(DynamicYaml, AShortTtlBringsTheLeastDown) {
  EXPECT_EQ(record_of("{pool: all, ttl: 2s}").ttl_min, Ttl(2));
}

TEST_F(DynamicYaml, SaysWhatIsWrong) {
  EXPECT_THAT(complaints("al"),
              ElementsAre("`dynamic`: there is no pool `al`, did you mean `all`?"));
  EXPECT_THAT(complaints("{ttl: 5s}"),
              ElementsAre("`dynamic` needs a `pool`, or `rules` that lead to pools"));
  EXPECT_THAT(complaints("{pool: all, rules: [{pool: all}]}"),
              ElementsAre("`dynamic` has both `pool` and `rules`; put the pool into a last rule"));
  EXPECT_THAT(complaints("{rules: []}"), ElementsAre("`rules` is an empty list"));
  EXPECT_THAT(complaints("{rules: [all]}"),
              ElementsAre("a rule is a single value where `key: value` pairs belong"));
  EXPECT_THAT(complaints("{rules: [{country: NO}, {pool: all}]}"),
              ElementsAre("a rule lacks `pool`"));
  EXPECT_THAT(complaints("{rules: [{contry: NO, pool: eu}, {pool: all}]}"),
              ElementsAre("unknown key `contry` in a rule, did you mean `country`?",
                          HasSubstr("this rule is never reached")));
  EXPECT_THAT(complaints("{rules: [{country: NO, pool: eu}]}"),
              ElementsAre("the last rule must catch everyone: end with `{pool: NAME}`"));
  EXPECT_THAT(complaints("{pool: all, ttl: 60}"),
              ElementsAre("`ttl` of `dynamic`: `60` has no unit, write `60s`"));
  EXPECT_THAT(complaints("{pool: all, ttl: 5s, ttl_min: 6s}"),
              ElementsAre("`ttl_min` is longer than `ttl`"));
  EXPECT_THAT(complaints("{pool: all, all_down: none}"),
              ElementsAre(HasSubstr("`all_down` is `none`")));
}

class AliasRecord : public Files {
 protected:
  // `sets`: what the name of the zone has; `records`: other names.
  std::vector<std::string> complaints(const std::string& sets, const std::string& records = "") {
    return problems_of(
        "zone: example.org\nendpoints:\n  a: {A: 192.0.2.1}\npools:\n  all: {members: [a]}\n"
        "records:\n  \"@\": {NS: ns1, " +
        sets + "}\n  ns1: {A: 192.0.2.53}\n  www: {dynamic: all}\n" + records);
  }
};

TEST_F(AliasRecord, IsADynamicRecordWithoutRules) {
  ASSERT_THAT(complaints("MX: 10 mail.example.net., ALIAS: www"), ElementsAre("loaded"));
  const auto loaded = load();
  const auto& record = loaded->plan->records.at(0);
  ASSERT_TRUE(record.alias);
  EXPECT_EQ(record.alias->name, *dnswire::Name::from_text("www.example.org."));
  EXPECT_EQ(record.alias->as, steering::Target::As::Addresses);
  EXPECT_THAT(record.rules, IsEmpty());
  EXPECT_EQ(record.ttl, Ttl(60));
  EXPECT_EQ(record.ttl_min, Ttl(5));
  EXPECT_TRUE(loaded->zones->all().at(0)->dynamic(zones::Zone::kApex));
}

TEST_F(AliasRecord, HasATtlOfItsOwn) {
  ASSERT_THAT(complaints("ALIAS: {target: cdn.example.net., ttl: 5m}"), ElementsAre("loaded"));
  EXPECT_EQ(load()->plan->records.at(0).ttl, Ttl(300));
  ASSERT_THAT(complaints("ALIAS: {target: cdn.example.net., ttl: 2s}"), ElementsAre("loaded"));
  EXPECT_EQ(load()->plan->records.at(0).ttl_min, Ttl(2));
}

TEST_F(AliasRecord, StandsAtAnyName) {
  EXPECT_THAT(complaints("TXT: x", "  shop: {ALIAS: www, TXT: y}\n  \"*\": {ALIAS: shop}\n"),
              ElementsAre("loaded"));
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(AliasRecord, SaysWhatIsWrong) {
  const auto at = [](const std::string& place, const std::string& text) {
    return ElementsAre("zones/a.yaml:" + place + ": " + text);
  };
  EXPECT_THAT(complaints("ALIAS: {ttl: 5m}"), at("7:25", "`ALIAS` lacks `target`"));
  EXPECT_THAT(complaints("ALIAS: [www, ns1]"),
              ElementsAre(HasSubstr("`ALIAS` is a list where `key: value` pairs belong")));
  EXPECT_THAT(complaints("ALIAS: {target: www, ttl: 60}"),
              at("7:44", "`ttl` of `ALIAS`: `60` has no unit, write `60s`"));
  for (const std::string key : {"A: 192.0.2.9", "AAAA: \"2001:db8::9\"", "dynamic: all"}) {
    const std::string type = key.substr(0, key.find(':'));
    EXPECT_THAT(complaints("ALIAS: www, " + key),
                at("7:18", "`@` has `ALIAS` and `" + type +
                               "`: an alias has the addresses of its target and no others; remove "
                               "one of the two"));
  }
  EXPECT_THAT(complaints("TXT: x", "  shop: {ALIAS: www, CNAME: www}\n"),
              at("10:10",
                 "`shop` has `ALIAS` and `CNAME`: an alias has the addresses of its target and no "
                 "others; remove one of the two"));
  EXPECT_THAT(complaints("TXT: x", "  shop: {alias: www}\n"),
              at("10:10", "unknown record type `alias`, did you mean `ALIAS`?"));
}

}  // namespace
}  // namespace config
