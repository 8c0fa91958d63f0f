// Configurations of steering with a mistake each, and what is said of it: where, what, and what to
// do.
#include <map>

#include "tests/server/config/files.h"

namespace config {
namespace {

struct Wrong {
  std::string name;
  std::string text;  // the end of the file
  std::vector<std::string> problems;
  std::map<std::string, std::string> files = {};  // others, by name
};

std::string name_of(const testing::TestParamInfo<Wrong>& info) { return info.param.name; }

class WrongConfiguration : public Files, public testing::WithParamInterface<Wrong> {
 protected:
  // `file` ends with the row's text.
  void expect_problems(const std::string& file, const std::string& beginning) {
    for (const auto& [name, text] : GetParam().files) write(name, text);
    write(file, beginning + GetParam().text);
    EXPECT_THAT(problems(), testing::ElementsAreArray(GetParam().problems));
  }
};

const std::string kZone =
    "zone: example.org\n"
    "endpoints:\n"
    "  tokyo:     {A: 203.0.113.10, at: JP}\n"
    "  frankfurt: {A: 203.0.113.20, at: DE}\n"
    "pools:\n"
    "  asia: {members: tokyo}\n"
    "  all:  {members: [tokyo, frankfurt], pick: nearest}\n"
    "records:\n"
    "  \"@\": {NS: ns1}\n"
    "  ns1: {A: 198.51.100.1}\n"
    "  any: {dynamic: {rules: [{country: JP, pool: asia}, {pool: all}]}}\n";

class WrongRules : public WrongConfiguration {};

TEST_P(WrongRules, AreExplained) {
  expect_problems("zones/a.yaml", kZone + "  www:\n    dynamic:\n      rules:\n");
}

const std::vector<Wrong> kWrongRules = {
    {"AContinentThatIsACountry",
     R"(        - {continent: JP, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:23: `continent` is `JP`, which is none of `AF`, `AN`, `AS`, `EU`, `NA`, "
      "`OC` or `SA`; for a country write `country`"}},
    {"ACountryThatIsAContinent",
     R"(        - {country: [EU, JP], pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:22: `country` is `EU`, which is no ISO 3166-1 code in capitals, such as "
      "`JP`; for a continent write `continent`"}},
    {"ACountryByItsCommonName",
     R"(        - {country: [UK, Germany], pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:22: `country` is `UK`, which is no ISO 3166-1 code in capitals, such as "
      "`JP`, did you mean `GB`?",
      "zones/a.yaml:15:26: `country` is `Germany`, which is no ISO 3166-1 code in capitals, such "
      "as `JP`, did you mean `DE`?"}},
    {"ASubdivisionThatThereIsNot",
     R"(        - {subdivision: [US-VV, XX-1, Texas], pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:26: `subdivision` is `US-VV`, which is no subdivision of United States, did "
      "you mean `US-VA`, `US-VI` or `US-VT`?",
      "zones/a.yaml:15:33: `subdivision` is `XX-1`, which is no ISO 3166-2 code in capitals, such "
      "as `US-VA`",
      "zones/a.yaml:15:39: `subdivision` is `Texas`, which is no ISO 3166-2 code in capitals, such "
      "as `US-VA`, did you mean `US-TX`?"}},
    {"AnAsNumberThatIsNone",
     R"(        - {asn: [AS7018, AS-7018, 0], pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:26: `asn` is `AS-7018`, which is no AS number from 1 to 4294967295, such as "
      "`64500`",
      "zones/a.yaml:15:35: `asn` is `0`, which is no AS number from 1 to 4294967295, such as "
      "`64500`"}},
    {"ACircleWithoutARadius",
     R"(        - {near: {point: JP, km: 0}, pool: asia}
        - {near: {point: Tokyo, km: 500}, pool: asia}
        - {near: {point: [35.7, 139.7]}, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:34: `km` of `near` is `0`, which is no number of kilometers above 0 and up "
      "to 20016, such as `500`",
      "zones/a.yaml:16:26: `point` of `near` is `Tokyo`, which is no country (`JP`) and no "
      "subdivision that fairlead knows (`US-VA`); [latitude, longitude] always works",
      "zones/a.yaml:17:18: `near` lacks `km`"}},
    {"ANetworkWithAHost",
     R"(        - {net: 192.0.2.7/24, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:17: `net` is `192.0.2.7/24`, which has bits set behind its length: write "
      "`192.0.2.0/24` for the network, or `192.0.2.7` for one host"}},
    {"AFileOfNetworksThatIsNotThere",
     R"(        - {net: {file: nets/ofice.txt}, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:24: `file` of `net` names `zones/nets/ofice.txt`, which is not there"}},
    {"AFileOfNetworksWithMistakes",
     R"(        - {net: [10.0.0.0/8, {file: office.txt}], pool: asia}
        - {pool: all}
)",
     {"zones/office.txt:4: this is `198.51.100.7/24`, which has bits set behind its length: write "
      "`198.51.100.0/24` for the network, or `198.51.100.7` for one host",
      "zones/office.txt:5: this is `office`, which is not a network such as `192.0.2.0/24` (an IP "
      "address is malformed or of the wrong family)",
      "zones/office.txt:3: net 192.0.2.0/24 stands twice in this rule: also in line 2; remove one "
      "of the two"},
     {{"zones/office.txt",
       "# the office\n192.0.2.0/24\n192.0.2.0/24   # again\n198.51.100.7/24\noffice\n"}}},
    {"AValueThatStandsTwice",
     R"(        - {country: [JP, KR, JP], pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:30: country JP stands twice in this rule"}},
    {"NoCondition",
     R"(        - {country: [], pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:21: `country` is an empty list"}},
    {"ACountryBehindItsContinent",
     R"(        - {continent: EU, pool: all}
        - {country: [JP, FR], pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:16:26: country FR never gets here: the rule in line 15 (continent EU) takes it "
      "first; put the narrower rule first"}},
    {"ASubdivisionBehindItsCountry",
     R"(        - {country: US, pool: all}
        - {subdivision: US-VA, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:16:25: subdivision US-VA never gets here: the rule in line 15 (country US) "
      "takes it first; put the narrower rule first"}},
    {"ANetworkBehindAWiderOne",
     R"(        - {net: 192.0.2.0/24, pool: all}
        - {net: 192.0.2.128/25, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:16:17: net 192.0.2.128/25 never gets here: the rule in line 15 (192.0.2.0/24) "
      "takes it first; put the narrower rule first"}},
    {"TheSameAsNumberTwice",
     R"(        - {asn: [7018, 7922], pool: all}
        - {asn: AS7018, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:16:17: asn 7018 never gets here: the rule in line 15 (asn 7018, 7922) takes it "
      "first; remove one of the two"}},
    {"ACircleInsideACircle",
     R"(        - {near: {point: JP, km: 3000}, pool: all}
        - {near: {point: [35.7, 139.7], km: 100}, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:16:18: this circle never gets here: the rule in line 15 (near JP (3000 km)) "
      "takes it first; put the narrower rule first"}},
    {"ARuleWhoseEveryConditionFollows",
     R"(        - {continent: AS, pool: all}
        - {country: JP, asn: 2497, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:16:11: this rule is never reached: the one in line 15 (continent AS) takes all "
      "its clients; put the narrower one first, or remove one of the two"}},
    {"ARuleThatContradictsItself",
     R"(        - {country: FR, continent: AS, pool: asia}
        - {subdivision: US-CA, country: DE, pool: asia}
        - {pool: all}
)",
     {"zones/a.yaml:15:21: country FR is in continent EU, which this rule leaves out, and all its "
      "conditions must hold; add it to `continent`, or make two rules",
      "zones/a.yaml:16:25: subdivision US-CA is in country US, which this rule leaves out, and all "
      "its conditions must hold; add it to `country`, or make two rules"}},
    {"ARuleBehindOneForEveryone",
     R"(        - {pool: all}
        - {country: JP, pool: asia}
)",
     {"zones/a.yaml:16:11: this rule is never reached: the one in line 15 has no condition and "
      "takes everyone; put that one last"}},
    {"NoRuleForEveryone",
     R"(        - {country: JP, pool: asia}
        - {country: KR, pool: asia}
)",
     {"zones/a.yaml:16:11: the last rule must catch everyone: end with `{pool: NAME}`"}},
    {"APoolThatThereIsNot",
     R"(        - {country: JP, pool: aisa}
        - {pool: tokyo}
)",
     {"zones/a.yaml:15:31: `pool` of a rule: there is no pool `aisa`, did you mean `asia`?",
      "zones/a.yaml:16:18: `pool` of a rule: `tokyo` is an endpoint; make a pool of it"}},
};

INSTANTIATE_TEST_SUITE_P(Each, WrongRules, testing::ValuesIn(kWrongRules), name_of);

class WrongAllDown : public WrongConfiguration {};

TEST_P(WrongAllDown, AreExplained) {
  expect_problems("zones/a.yaml", kZone + "  www:\n    dynamic:\n");
}

const std::vector<Wrong> kWrongAllDown = {
    {"AFallbackThatIsTheNameItself",
     R"(      pool: all
      all_down: {fallback: {alias: www}}
)",
     {"zones/a.yaml:15:36: `alias` of `fallback` of `all_down` is `www`, which is the name itself: "
      "it would answer with nothing"}},
    {"AFallbackThatLacksItsFinalDot",
     R"(      pool: all
      all_down: {fallback: {cname: status.example.net}}
)",
     {"zones/a.yaml:15:36: `cname` of `fallback` of `all_down`: there is no "
      "status.example.net.example.org. in this zone; a name outside the zone ends with a dot: "
      "`status.example.net.`"}},
    {"ACnameBesideOtherRecords",
     R"(      pool: all
      all_down: {fallback: {cname: status.example.net.}}
    TXT: "v=spf1 -all"
)",
     {"zones/a.yaml:15:36: `cname` of `fallback` of `all_down`: a CNAME cannot stand beside other "
      "records of its name (RFC 1034 3.6.2); write `alias` in its place"}},
    {"AnAddressWhereANameBelongs",
     R"(      pool: all
      until_checked: {alias: 192.0.2.1}
)",
     {"zones/a.yaml:15:30: `alias` of `until_checked` of `dynamic` is `192.0.2.1`, which is an "
      "address; write it without `alias` and `cname`"}},
    {"AFallbackWithoutAPool",
     R"(      pool: all
      all_down: fallback
)",
     {"zones/a.yaml:15:17: `all_down`: a fallback is written `{fallback: POOL}`, `{fallback: "
      "[ADDRESS, ...]}` or `{fallback: {alias: NAME}}`"}},
};

INSTANTIATE_TEST_SUITE_P(Each, WrongAllDown, testing::ValuesIn(kWrongAllDown), name_of);

class WrongAlias : public WrongConfiguration {};

TEST_P(WrongAlias, AreExplained) { expect_problems("zones/a.yaml", kZone); }

const std::vector<Wrong> kWrongAlias = {
    {"AnAliasBesideAnAddress",
     R"(  www: {ALIAS: any, A: 192.0.2.1}
)",
     {"zones/a.yaml:12:9: `www` has `ALIAS` and `A`: an alias has the addresses of its target and "
      "no others; remove one of the two"}},
    {"AnAliasOfNothing",
     R"(  www: {ALIAS: cdn.example.net}
)",
     {"zones/a.yaml:12:16: `ALIAS`: there is no cdn.example.net.example.org. in this zone; a name "
      "outside the zone ends with a dot: `cdn.example.net.`"}},
    {"AnAliasOfItself",
     R"(  www: {ALIAS: www}
)",
     {"zones/a.yaml:12:16: `ALIAS` is `www`, which is the name itself: it would answer with "
      "nothing"}},
    {"AnAliasInSmallLetters",
     R"(  www: {alias: any}
)",
     {"zones/a.yaml:12:9: unknown record type `alias`, did you mean `ALIAS`?"}},
};

INSTANTIATE_TEST_SUITE_P(Each, WrongAlias, testing::ValuesIn(kWrongAlias), name_of);

const std::string kBeforeEndpoints =
    "zone: example.org\n"
    "records:\n"
    "  \"@\": {NS: ns1}\n"
    "  ns1: {A: 198.51.100.1}\n"
    "  www: {dynamic: edges}\n"
    "pools:\n"
    "  edges: {members: [tokyo, frankfurt]}\n"
    "endpoints:\n";

class WrongEndpoints : public WrongConfiguration {};

TEST_P(WrongEndpoints, AreExplained) { expect_problems("zones/a.yaml", kBeforeEndpoints); }

const std::vector<Wrong> kWrongEndpoints = {
    {"AnAddressThatStandsTwice",
     R"(  tokyo:     {A: [203.0.113.10, 203.0.113.10], at: JP}
  frankfurt: {A: 203.0.113.20, at: DE}
)",
     {"zones/a.yaml:9:33: `A` of endpoint `tokyo`: 203.0.113.10 stands twice"}},
    {"ABiasWithoutAPlace",
     R"(  tokyo:     {A: 203.0.113.10, bias: 20}
  frankfurt: {A: 203.0.113.20, at: DE, bias: 100}
)",
     {"zones/a.yaml:9:38: endpoint `tokyo` has a `bias` but no `at`, from where distance is "
      "measured",
      "zones/a.yaml:10:46: `bias` of endpoint `frankfurt` is `100`, which is not a whole number "
      "from -99 (farther) to 99 (nearer), in percent"}},
    {"TwoEndpointsWithOneAddress",
     R"(  tokyo:     {A: 203.0.113.10, at: JP}
  frankfurt: {A: [203.0.113.20, 203.0.113.10], at: DE}
)",
     {"zones/a.yaml:7:28: `members` of pool `edges`: `frankfurt` has the address of `tokyo`; an "
      "answer names an address once (RFC 2181 5)"}},
};

INSTANTIATE_TEST_SUITE_P(Each, WrongEndpoints, testing::ValuesIn(kWrongEndpoints), name_of);

const std::string kBeforePools =
    "zone: example.org\n"
    "records:\n"
    "  \"@\": {NS: ns1}\n"
    "  ns1: {A: 198.51.100.1}\n"
    "  www: {dynamic: edges}\n"
    "endpoints:\n"
    "  tokyo:     {A: 203.0.113.10, at: JP}\n"
    "  frankfurt: {A: 203.0.113.20, at: DE}\n"
    "  virginia:  {A: 203.0.113.30, at: US-VA}\n"
    "pools:\n";

class WrongPools : public WrongConfiguration {};

TEST_P(WrongPools, AreExplained) { expect_problems("zones/a.yaml", kBeforePools); }

const std::vector<Wrong> kWrongPools = {
    {"MembersInACircle",
     R"(  edges: {members: [tokyo, europe]}
  europe: {members: [frankfurt], then: world}
  world: {members: [virginia, edges]}
)",
     {"zones/a.yaml:11:3: pools lead in a circle: edges → europe → then world → edges"}},
    {"AMemberThatThereIsNot",
     R"(  edges: {members: [tokio, frankfurt]}
)",
     {"zones/a.yaml:11:21: `members` of pool `edges`: there is no endpoint and no pool `tokio`, "
      "did you mean `tokyo`?"}},
    {"AWeightThatNobodyLooksAt",
     R"(  edges: {members: [{tokyo: 3}, frankfurt], pick: failover}
)",
     {"zones/a.yaml:11:21: pool `edges` gives a weight, but only `pick: weighted` and `pick: "
      "sticky` look at weights"}},
    {"AMisspelledPick",
     R"(  edges: {members: [tokyo, frankfurt], pick: closest}
)",
     {"zones/a.yaml:11:46: `pick` of pool `edges` is `closest`, which is none of `all`, "
      "`failover`, `weighted`, `nearest` or `sticky`"}},
    {"AnOrderForAContinent",
     R"(  edges:
    members: [tokyo, frankfurt]
    pick: nearest
    order: {EU: [frankfurt, tokyo], JP: [tokyo, virginia], unkown: [tokyo]}
)",
     {"zones/a.yaml:14:13: `order` of pool `edges`: `EU` is a continent; here stand countries "
      "(`JP`), subdivisions (`US-VA`) and `unknown`, and continents in the rules of `dynamic`",
      "zones/a.yaml:14:49: `JP` in `order` of pool `edges`: `virginia` is no member of the pool",
      "zones/a.yaml:14:60: `order` of pool `edges`: `unkown` is no country (`JP`), no subdivision "
      "(`US-VA`) and not `unknown`, did you mean `unknown`?"}},
    {"AnOrderWithoutDistances",
     R"(  edges: {members: [tokyo, frankfurt], order: {JP: [tokyo]}}
)",
     {"zones/a.yaml:11:47: pool `edges` has `order`, which only `pick: nearest` looks at"}},
    {"StickyBitsThatAreTooMany",
     R"(  edges: {members: [tokyo, frankfurt], pick: sticky, sticky: {ipv4: 32}}
)",
     {"zones/a.yaml:11:69: `ipv4` of `sticky` of pool `edges` is `32`, which is not a number from "
      "8 to 24"}},
    {"StickyWithoutItsPick",
     R"(  edges: {members: [tokyo, frankfurt], sticky: {ipv4: 16}}
)",
     {"zones/a.yaml:11:48: pool `edges` has `sticky`, which only `pick: sticky` looks at"}},
    {"MoreHealthyMembersThanMembers",
     R"(  edges: {members: [tokyo, frankfurt], min_healthy: 3}
)",
     {"zones/a.yaml:11:53: `min_healthy` of pool `edges` is 3, more than its 2 members"}},
    {"APoolThatNothingUses",
     R"(  edges: {members: [tokyo, frankfurt]}
  spare: {members: [virginia]}
)",
     {"zones/a.yaml:12:3: pool `spare` is used by nothing: name it in a `dynamic` record, or in "
      "`members` or `then` of another pool, or remove it"}},
    {"APoolWithTheNameOfAnEndpoint",
     R"(  edges: {members: [tokyo, frankfurt], then: virginia}
  virginia: {members: [virginia]}
)",
     {"zones/a.yaml:12:3: pool `virginia` has the name of the endpoint at zones/a.yaml:9:3; "
      "`members` name endpoints and pools alike: rename one"}},
};

INSTANTIATE_TEST_SUITE_P(Each, WrongPools, testing::ValuesIn(kWrongPools), name_of);

class WrongShared : public WrongConfiguration {};

TEST_P(WrongShared, AreExplained) { expect_problems("zones/shared.yaml", ""); }

const std::vector<Wrong> kWrongShared = {
    {"ANameThatIsSharedAndOwn",
     R"(endpoints:
  tokyo: {A: 203.0.113.99}
pools:
  all: {members: [tokyo]}
)",
     {"zones/a.yaml:3:3: endpoint `tokyo` has the name of the endpoint at zones/shared.yaml:2:3; "
      "names of shared.yaml hold in every zone: rename or remove one",
      "zones/a.yaml:7:3: pool `all` has the name of the pool at zones/shared.yaml:4:3; names of "
      "shared.yaml hold in every zone: rename or remove one"},
     {{"zones/a.yaml", kZone}}},
    {"RecordsInSharedYaml",
     R"(records:
  www: {A: 192.0.2.1}
)",
     {"zones/shared.yaml:1:1: unknown key `records` in shared.yaml, it knows `checks`, `endpoints` "
      "or `pools`"},
     {{"zones/a.yaml", kZone}}},
};

INSTANTIATE_TEST_SUITE_P(Each, WrongShared, testing::ValuesIn(kWrongShared), name_of);

class WrongOptions : public WrongConfiguration {};

TEST_P(WrongOptions, AreExplained) { expect_problems("fairlead.yaml", "zones: zones\n"); }

const std::vector<Wrong> kWrongOptions = {
    {"ACorrectionOfNothing",
     R"(geo:
  corrections:
    - {net: 203.0.113.64/26, at: JP}
    - {net: 10.0.0.0/8, at: JP}
    - {net: 198.51.100.0/24}
    - {net: 192.0.2.0/24, at: US-VA, country: US}
)",
     {"fairlead.yaml:4:13: `net` of a correction: 203.0.113.64/26 is longer than /24, the smallest "
      "network of IPv4 that has a place of its own; write `203.0.113.0/24`",
      "fairlead.yaml:5:13: `net` of a correction: 10.0.0.0/8 is private or reserved, and such "
      "networks have no place; a rule can ask for it by `net`",
      "fairlead.yaml:6:7: a correction says where networks are: `at: JP`, or whose: `asn: 64500`",
      "fairlead.yaml:7:47: `country` of a correction: `at` tells it already; remove it"},
     {{"zones/a.yaml", kZone}}},
    {"AResolverByName",
     R"(resolver: [dns.example.net, 192.0.2.53]
)",
     {"fairlead.yaml:2:12: `resolver` is `dns.example.net`, which is not the address of a "
      "resolver, such as `192.0.2.53` or `[2001:db8::53]:5353`"},
     {{"zones/a.yaml", kZone}}},
};

INSTANTIATE_TEST_SUITE_P(Each, WrongOptions, testing::ValuesIn(kWrongOptions), name_of);

}  // namespace
}  // namespace config
