#include "tests/server/config/files.h"

namespace config {
namespace {

using steering::AllDown;
using steering::PoolId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AllDownYaml : public Files {
 protected:
  // `rest` of `dynamic: {pool: main`, such as ", all_down: nodata".
  static std::string zone_with(const std::string& rest) {
    return "zone: example.org\nchecks:\n  web: {type: tcp, port: 80}\nendpoints:\n"
           "  a: {A: 192.0.2.1, AAAA: \"2001:db8::1\", check: web}\n  b: {A: 192.0.2.2}\n"
           "pools:\n  main: {members: [a]}\n  last: {members: [b]}\nrecords:\n" +
           kApex + "  www: {dynamic: {pool: main" + rest + "}}\n  spare: {dynamic: last}\n";
  }
  std::vector<std::string> complaints(const std::string& rest) {
    auto texts = problems_of(zone_with(rest));
    for (std::string& text : texts) text = text.substr(text.find(' ') + 1);
    return texts;
  }
  steering::DynamicRecord record_of(const std::string& rest) {
    EXPECT_THAT(problems_of(zone_with(rest)), ElementsAre("loaded"));
    return load()->plan->records.at(0);
  }
  static std::vector<std::string> texts(const std::vector<dnswire::IpAddress>& addresses) {
    std::vector<std::string> result;
    for (const auto& address : addresses) result.push_back(address.to_text());
    return result;
  }
};

TEST_F(AllDownYaml, ReadsEachForm) {
  EXPECT_EQ(record_of("").all_down, AllDown::All);
  EXPECT_EQ(record_of(", all_down: all").all_down, AllDown::All);
  EXPECT_EQ(record_of(", all_down: last_healthy").all_down, AllDown::LastHealthy);
  EXPECT_EQ(record_of(", all_down: nodata").all_down, AllDown::NoData);
  EXPECT_EQ(record_of(", all_down: servfail").all_down, AllDown::ServFail);
  const auto pool = record_of(", all_down: {fallback: last}");
  EXPECT_EQ(pool.all_down, AllDown::Fallback);
  EXPECT_EQ(pool.fallback.pool, PoolId{1});
  EXPECT_THAT(pool.fallback.addresses, IsEmpty());
  const auto address = record_of(", all_down: {fallback: 192.0.2.9}");
  EXPECT_EQ(address.all_down, AllDown::Fallback);
  EXPECT_FALSE(address.fallback.pool);
  EXPECT_THAT(texts(address.fallback.addresses), ElementsAre("192.0.2.9"));
  EXPECT_THAT(
      texts(record_of(", all_down: {fallback: [192.0.2.1, \"2001:db8::9\"]}").fallback.addresses),
      ElementsAre("192.0.2.1", "2001:db8::9"))
      << "a member of the pool is as good as any";
}

TEST_F(AllDownYaml, ReadsWhatIsServedUntilChecked) {
  EXPECT_TRUE(record_of("").until_checked.empty());
  EXPECT_EQ(record_of(", until_checked: last").until_checked.pool, PoolId{1});
  EXPECT_THAT(texts(record_of(", until_checked: 192.0.2.9").until_checked.addresses),
              ElementsAre("192.0.2.9"));
  EXPECT_THAT(texts(record_of(", until_checked: [192.0.2.9, 192.0.2.8]").until_checked.addresses),
              ElementsAre("192.0.2.9", "192.0.2.8"));
}

TEST_F(AllDownYaml, SaysWhatIsWrong) {
  EXPECT_THAT(complaints(", all_down: none"),
              ElementsAre(HasSubstr("`all_down` is `none`, which is none of `all`, "
                                    "`last_healthy`, `nodata`, `servfail` or `{fallback: POOL}`")));
  EXPECT_THAT(complaints(", all_down: servfial"),
              ElementsAre(HasSubstr("or `{fallback: POOL}`, did you mean `servfail`?")));
  EXPECT_THAT(complaints(", all_down: \"{fallback: POOL}\""),
              ElementsAre(HasSubstr("`all_down` is `{fallback: POOL}`, which is none of")))
      << "that is a text";
  EXPECT_THAT(complaints(", all_down: fallback"),
              ElementsAre("`all_down`: a fallback is written `{fallback: POOL}`, `{fallback: "
                          "[ADDRESS, ...]}` or `{fallback: {alias: NAME}}`"));
  EXPECT_THAT(complaints(", all_down: {fallbak: last}"),
              ElementsAre("unknown key `fallbak` in `all_down`, did you mean `fallback`?",
                          "`all_down` lacks `fallback`"));
  EXPECT_THAT(
      complaints(", all_down: {fallback: lst}"),
      ElementsAre("`fallback` of `all_down`: there is no pool `lst`, did you mean `last`?"));
  EXPECT_THAT(complaints(", all_down: {fallback: []}"),
              ElementsAre("`fallback` of `all_down` is an empty list"));
  EXPECT_THAT(complaints(", all_down: {fallback: {pool: last}}"),
              ElementsAre("unknown key `pool` in `fallback` of `all_down`, it knows `alias` or "
                          "`cname`"));
  EXPECT_THAT(complaints(", all_down: {fallback: }"),
              ElementsAre("`fallback` of `all_down` is a pool, an address, a list of addresses, "
                          "`{alias: NAME}` or `{cname: NAME}`"));
  EXPECT_THAT(complaints(", all_down: {fallback: [last]}"),
              ElementsAre("`fallback` of `all_down`: `last` is a pool; a list is one of addresses, "
                          "a pool stands alone"));
  EXPECT_THAT(complaints(", until_checked: [192.0.2.9, 192.0.2.300]"),
              ElementsAre("`until_checked` of `dynamic` is `192.0.2.300`, which is not an IP "
                          "address"));
  EXPECT_THAT(complaints(", until_checked: [192.0.2.9, 192.0.2.9]"),
              ElementsAre("`until_checked` of `dynamic`: 192.0.2.9 stands twice"));
  std::string many;
  for (int i = 0; i <= 100; ++i) many += (i > 0 ? ", 10.0.0." : "10.0.0.") + std::to_string(i);
  EXPECT_THAT(complaints(", until_checked: [" + many + "]"),
              ElementsAre("`until_checked` of `dynamic` has 101 addresses, more than 100"));
}

TEST_F(AllDownYaml, ReadsAnotherName) {
  const auto alias = record_of(", all_down: {fallback: {alias: spare}}");
  EXPECT_EQ(alias.all_down, AllDown::Fallback);
  EXPECT_FALSE(alias.fallback.empty());
  EXPECT_EQ(alias.fallback.target->name.to_text(), "spare.example.org.");
  EXPECT_EQ(alias.fallback.target->as, steering::Target::As::Addresses);
  const auto cname = record_of(", until_checked: {cname: status.example.net.}");
  EXPECT_EQ(cname.until_checked.target->name.to_text(), "status.example.net.");
  EXPECT_EQ(cname.until_checked.target->as, steering::Target::As::Cname);
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(AllDownYaml, SaysWhatIsWrongWithAnotherName) {
  EXPECT_THAT(complaints(", all_down: {fallback: {}}"),
              ElementsAre("`fallback` of `all_down` needs `alias: NAME` or `cname: NAME`"));
  EXPECT_THAT(complaints(", until_checked: {alias: spare, cname: spare}"),
              ElementsAre("`until_checked` of `dynamic` has both `alias` and `cname`; keep one"));
  EXPECT_THAT(complaints(", until_checked: {cnam: spare}"),
              ElementsAre("unknown key `cnam` in `until_checked` of `dynamic`, did you mean "
                          "`cname`?"));
}

TEST_F(AllDownYaml, ACnameStandsAlone) {
  std::string zone = zone_with(", all_down: {fallback: {cname: status.example.net.}}");
  zone.replace(zone.find("  www: {"), 8, "  www: {MX: 10 ns1, ");
  EXPECT_THAT(problems_of(zone),
              ElementsAre("zones/a.yaml:13:72: `cname` of `fallback` of `all_down`: a CNAME cannot "
                          "stand beside other records of its name (RFC 1034 3.6.2); write `alias` "
                          "in its place"));
  zone = zone_with("");
  zone.replace(zone.find("{NS: ns1"), 8,
               "{NS: ns1, dynamic: {pool: main, until_checked: {cname: status.example.net.}}");
  EXPECT_THAT(problems_of(zone),
              ElementsAre("zones/a.yaml:11:63: `cname` of `until_checked` of `dynamic`: a CNAME "
                          "cannot stand at the name of the zone (RFC 1912 2.4); write `alias` in "
                          "its place"));
}

TEST_F(AllDownYaml, SaysWhatOnlyLooksLikeAnAddress) {
  for (const std::string text : {"2001:db8::zz", "192.0.2.300", "192.0.2.0/24", "300"}) {
    EXPECT_THAT(
        complaints(", until_checked: \"" + text + "\""),
        ElementsAre("`until_checked` of `dynamic` is `" + text + "`, which is not an IP address"));
  }
  EXPECT_THAT(
      complaints(", all_down: {fallback: \"2001:db8::zz\"}"),
      ElementsAre("`fallback` of `all_down` is `2001:db8::zz`, which is not an IP address"));
  EXPECT_THAT(complaints(", until_checked: v1.2"),
              ElementsAre("`until_checked` of `dynamic`: there is no pool `v1.2`"));
  EXPECT_THAT(complaints(", until_checked: \"\""),
              ElementsAre("`until_checked` of `dynamic` is empty"));
  std::string zone = zone_with(", until_checked: 1.2");
  zone.replace(zone.find("last: {"), 4, "1.2");
  zone.replace(zone.find("dynamic: last"), 13, "dynamic: 1.2");
  EXPECT_THAT(problems_of(zone), ElementsAre("loaded")) << "a pool may have such a name";
}

TEST_F(AllDownYaml, WarnsOfAFallbackThatLacksAFamily) {
  std::ignore = record_of(", all_down: {fallback: 192.0.2.9}");
  EXPECT_THAT(
      warnings(),
      ElementsAre("zones/a.yaml:13:41: `fallback` has no IPv6 address, and pool `main` has: "
                  "while nobody of it is healthy there is no answer for AAAA"));
  std::ignore = record_of(", all_down: {fallback: last}");
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("`fallback` has no IPv6 address")));
  std::ignore = record_of(", all_down: {fallback: [192.0.2.9, \"2001:db8::9\"]}");
  EXPECT_THAT(warnings(), IsEmpty());
  std::string spilled = zone_with(", all_down: {fallback: 192.0.2.9}");
  spilled.replace(spilled.find("b: {A: 192.0.2.2}"), 17, "b: {AAAA: \"2001:db8::2\"}");
  spilled.replace(spilled.find("main: {members: [a]}"), 20, "main: {members: [a], then: last}");
  ASSERT_THAT(problems_of(spilled), ElementsAre("loaded"));
  EXPECT_THAT(warnings(), IsEmpty()) << "behind the pool stands somebody who is always up";
  std::string zone = zone_with(", all_down: {fallback: 192.0.2.9}");
  zone.replace(zone.find(", check: web"), 12, "");
  ASSERT_THAT(problems_of(zone), ElementsAre("loaded"));
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("check `web` is used by no endpoint")))
      << "nobody can be down";
}

TEST_F(AllDownYaml, WarnsOfRulesWhosePoolsHaveOtherFamilies) {
  const auto warnings_with = [this](const std::string& pools) {
    EXPECT_THAT(problems_of("zone: example.org\nendpoints:\n  a: {A: 192.0.2.1}\n"
                            "  b: {A: 192.0.2.2, AAAA: \"2001:db8::2\"}\npools:\n" +
                            pools + "records:\n" + kApex +
                            "  www: {dynamic: {rules: [{country: JP, pool: one}, {pool: two}]}}\n"),
                ElementsAre("loaded"));
    return warnings();
  };
  EXPECT_THAT(warnings_with("  one: {members: [a]}\n  two: {members: [b]}\n"),
              ElementsAre(HasSubstr("pool `one` has no AAAA, and pool `two` of another rule has: "
                                    "resolvers keep it for all clients that a name has no AAAA")));
  EXPECT_THAT(warnings_with("  one: {members: [b]}\n  two: {members: [a, b]}\n"), IsEmpty());
}

}  // namespace
}  // namespace config
