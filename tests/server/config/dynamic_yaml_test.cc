#include "tests/server/config/files.h"

namespace config {
namespace {

using dnswire::Ttl;
using testing::ElementsAre;
using testing::HasSubstr;

class DynamicYaml : public Files {
 protected:
  static std::string zone_with(const std::string& dynamic) {
    return "zone: example.org\nendpoints:\n  a: {A: 192.0.2.1}\npools:\n  all: {members: [a]}\n"
           "  eu: {members: [a]}\nrecords:\n" +
           kApex + "  www: {dynamic: " + dynamic + "}\n";
  }
  std::vector<std::string> complaints(const std::string& dynamic) {
    auto texts = problems_of(zone_with(dynamic));
    for (std::string& text : texts) {
      const std::string where = "zones/a.yaml:10:";
      if (text.rfind(where, 0) == 0) text = text.substr(text.find(' ') + 1);
    }
    return texts;
  }
  steering::DynamicRecord record_of(const std::string& dynamic) {
    EXPECT_THAT(complaints(dynamic), ElementsAre("loaded"));
    return load()->plan->records.at(0);
  }
};

TEST_F(DynamicYaml, ReadsAPoolInShort) {
  for (const char* dynamic : {"all", "{pool: all}", "{rules: [{pool: all}]}"}) {
    const auto record = record_of(dynamic);
    ASSERT_EQ(record.rules.size(), 1U) << dynamic;
    EXPECT_TRUE(record.rules[0].catches_all());
    EXPECT_EQ(record.rules[0].text, "everyone");
    EXPECT_EQ(record.ttl, Ttl(60));
    EXPECT_EQ(record.ttl_min, Ttl(5));
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
  EXPECT_TRUE(record.rules[2].nets.match(*dnswire::IpAddress::from_text("2001:db8::1")).contained);
  EXPECT_EQ(record.rules[0].pool, steering::PoolId{1});
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
              ElementsAre(HasSubstr("has both `pool` and `rules`")));
  EXPECT_THAT(complaints("{rules: [{country: NO, pool: eu}]}"),
              ElementsAre("the last rule must catch everyone: end with `{pool: NAME}`"));
  EXPECT_THAT(complaints("{rules: [{pool: all}, {country: NO, pool: eu}]}"),
              ElementsAre("this rule is never reached: a rule before it catches everyone"));
  EXPECT_THAT(complaints("{rules: [{country: NO, continent: EU, pool: eu}, {pool: all}]}"),
              ElementsAre("a rule has one condition: `continent`, `country` or `net`"));
  EXPECT_THAT(
      complaints("{rules: [{continent: EU, pool: eu}, {country: NO, pool: eu}, {pool: all}]}"),
      ElementsAre("country NO is hidden by an earlier rule for continent EU; put the "
                  "narrower rule first"));
  EXPECT_THAT(complaints("{rules: [{continent: EU, pool: eu}, {continent: [AS, EU], pool: all}, "
                         "{pool: all}]}"),
              ElementsAre("continent EU is taken by an earlier rule"));
  EXPECT_THAT(
      complaints("{rules: [{net: 192.0.2.0/24, pool: eu}, {net: 192.0.2.128/25, pool: all}, "
                 "{pool: all}]}"),
      ElementsAre("net 192.0.2.128/25 is hidden by 192.0.2.0/24 before it; put the narrower "
                  "one first"));
  EXPECT_THAT(complaints("{rules: [{continent: JP, pool: eu}, {pool: all}]}"),
              ElementsAre(HasSubstr("`continent` is `JP`, which is none of `AF`, `AN`, `AS`, `EU`, "
                                    "`NA`, `OC` or `SA`; for a country write `country`")));
  EXPECT_THAT(complaints("{rules: [{country: EUR, pool: eu}, {pool: all}]}"),
              ElementsAre(HasSubstr("`country` is `EUR`, which is no ISO 3166 code")));
  EXPECT_THAT(complaints("{rules: [{net: 192.0.2.1/24, pool: eu}, {pool: all}]}"),
              ElementsAre(HasSubstr("which is not a network such as `192.0.2.0/24`")));
  EXPECT_THAT(complaints("{pool: all, ttl: 60}"),
              ElementsAre("`ttl` of `dynamic`: `60` has no unit, write `60s`"));
  EXPECT_THAT(complaints("{pool: all, ttl: 5s, ttl_min: 6s}"),
              ElementsAre("`ttl_min` is longer than `ttl`"));
  EXPECT_THAT(complaints("{pool: all, all_down: none}"),
              ElementsAre(HasSubstr("`all_down` is `none`")));
}

}  // namespace
}  // namespace config
