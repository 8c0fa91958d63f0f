#include "server/admin/world_map.h"

#include <nlohmann/json.hpp>

#include "server/admin/world_map_json.h"
#include "server/admin/world_map_text.h"
#include "tests/server/control/configured.h"

namespace admin {
namespace {

using testing::HasSubstr;

// Four networks of the same size in four countries, two of them IPv6 as well.
class WorldMapping : public control::Configured {
 protected:
  WorldMapping() {
    write("fairlead.yaml", R"(
zones: zones
listen: 127.0.0.1:0
state: .
geo:
  databases: []
  corrections:
    - {net: 1.0.0.0/16, at: JP}
    - {net: 1.1.0.0/16, at: KR}
    - {net: 2.0.0.0/16, at: DE}
    - {net: 2.1.0.0/16, at: US}
    - {net: "2400::/32", at: JP}
    - {net: "2a00::/32", at: DE}
)");
    write("zones/example.test.yaml", R"(
zone: example.test
checks:
  web: {type: tcp, port: 443}
endpoints:
  tokyo:     {A: 192.0.2.1, at: JP, check: web}
  frankfurt: {A: 192.0.2.2, at: DE, check: web}
  virginia:  {A: 192.0.2.3, at: US-VA}
pools:
  near:   {members: [tokyo, frankfurt, virginia], pick: nearest, max: 1}
  all:    {members: [tokyo, frankfurt]}
  draw:   {members: [{tokyo: 3}, {frankfurt: 1}], pick: weighted}
  hash:   {members: [{tokyo: 1}, {frankfurt: 1}], pick: sticky}
  one:    {members: [tokyo]}
records:
  "@":    {NS: ns1}
  ns1:    {A: 192.0.2.53}
  alias:  {CNAME: near}
  other:  {ALIAS: near}
  near:   {dynamic: near}
  all:    {dynamic: all}
  draw:   {dynamic: draw}
  hash:   {dynamic: hash}
  one:    {dynamic: one}
  fail:   {dynamic: {pool: one, all_down: servfail}}
  saved:  {dynamic: {pool: one, all_down: {fallback: 192.0.2.9}}}
)");
  }

  tl::expected<WorldMap, std::string> map_name(const char* name, const char* assumptions = "") {
    const control::Loaded loaded = load();
    answer::Snapshot snapshot;
    snapshot.zones = loaded.configuration.zones;
    snapshot.plan = loaded.configuration.plan;
    snapshot.map = loaded.map;
    snapshot.atlas = loaded.atlas;
    std::vector<health::Standing> standings(loaded.configuration.roster->subjects.size());
    for (std::size_t i = 0; i < standings.size(); ++i) {
      const bool is_checked = !loaded.configuration.roster->subjects[i].checks.empty();
      if (is_checked) standings[i].beat = std::chrono::seconds(10);
    }
    snapshot.board = std::make_shared<const health::Board>(std::move(standings));
    const auto request = parse_map_request(name, "", assumptions);
    EXPECT_TRUE(request);
    return map_world(*request, snapshot);
  }
  static const WorldShare& share(const World& world, const std::string& who) {
    static const WorldShare kNone;
    const auto found = std::ranges::find(world.known, who, &WorldShare::who);
    return found == world.known.end() ? kNone : *found;
  }
};

TEST_F(WorldMapping, IsATableOfWhoServesNowAndWhoWould) {
  const auto map = map_name("near.example.test");
  ASSERT_TRUE(map);
  EXPECT_EQ(world_map_text(*map, true),
            "near.example.test. A in 4 countries (no geo database is loaded)\n"
            "\n"
            "now              countries       IPv4          IPv6\n"
            "  tokyo                  2      50.0%         50.0%\n"
            "    JP KR\n"
            "  frankfurt              1      25.0%         50.0%\n"
            "    DE\n"
            "  virginia               1      25.0%          0.0%\n"
            "    US\n"
            "  unknown place          -     >99.9%        >99.9%        of all addresses: tokyo\n"
            "without tokyo\n"
            "  frankfurt              3 +2   75.0% +50.0  100.0% +50.0\n"
            "    JP KR\n"
            "  unknown place: frankfurt\n"
            "without frankfurt\n"
            "  virginia               2 +1   50.0% +25.0   50.0% +50.0\n"
            "    DE\n"
            "without virginia, which no check judges\n"
            "  frankfurt              2 +1   50.0% +25.0   50.0%\n"
            "    US\n");
}

TEST_F(WorldMapping, SeveralAddressesShareEvenly) {
  const auto map = map_name("all.example.test");
  ASSERT_TRUE(map);
  EXPECT_DOUBLE_EQ(share(map->now, "tokyo").ipv4, 0.5);
  EXPECT_DOUBLE_EQ(share(map->now, "frankfurt").ipv6, 0.5);
  for (const WorldWithout& without : map->without) {
    const std::string other = without.who == "tokyo" ? "frankfurt" : "tokyo";
    EXPECT_DOUBLE_EQ(share(without.world, other).ipv4, 1);
  }
}

TEST_F(WorldMapping, SharesWhatIsDrawnOrHashed) {
  const auto drawn = map_name("draw.example.test");
  ASSERT_TRUE(drawn);
  EXPECT_NEAR(share(drawn->now, "tokyo").ipv4, 0.75, 0.1);
  const auto hashed = map_name("hash.example.test");
  ASSERT_TRUE(hashed);
  EXPECT_NEAR(share(hashed->now, "tokyo").ipv4, 0.5, 0.15);
}

TEST_F(WorldMapping, AssumesWhatIsNotSo) {
  const auto map = map_name("near.example.test", "down:virginia");
  ASSERT_TRUE(map);
  EXPECT_EQ(share(map->now, "virginia").ipv4, 0);
  EXPECT_EQ(map->without.size(), 2U);
  EXPECT_THAT(world_map_text(*map, false), HasSubstr("assumed down: virginia\n"));
  EXPECT_THAT(map_name("near.example.test", "down:nobody").error(), HasSubstr("no endpoint"));
}

TEST_F(WorldMapping, ShowsWhatAnswersInTheirPlace) {
  const auto all_up = map_name("one.example.test");
  ASSERT_TRUE(all_up);
  EXPECT_THAT(world_map_text(*all_up, false),
              HasSubstr("without tokyo\n  nobody takes over: the answers stay as they are\n"));
  const auto failing = map_name("fail.example.test");
  ASSERT_TRUE(failing);
  EXPECT_DOUBLE_EQ(share(failing->without[0].world, "SERVFAIL").ipv4, 1);
  const auto saved = map_name("saved.example.test");
  ASSERT_TRUE(saved);
  EXPECT_DOUBLE_EQ(share(saved->without[0].world, "192.0.2.9").ipv4, 1);
}

TEST_F(WorldMapping, SaysWhyThereIsNone) {
  EXPECT_EQ(map_name("ns1.example.test").error(),
            "ns1.example.test. is static: every client gets the same");
  EXPECT_EQ(map_name("alias.example.test").error(),
            "alias.example.test. is an alias: ask for the map of near.example.test.");
  EXPECT_EQ(map_name("other.example.test").error(),
            "other.example.test. is an ALIAS: ask for the map of near.example.test.");
  EXPECT_EQ(map_name("nosuch.example.test").error(), "nosuch.example.test. does not exist");
  EXPECT_EQ(map_name("example.com").error(), "example.com. is in no zone of this server");
  EXPECT_THAT(parse_map_request("a", "TXT").error(), HasSubstr("`TXT` has no map"));
  EXPECT_THAT(parse_map_request("a..b", "").error(), HasSubstr("`a..b` is no domain name"));
}

TEST_F(WorldMapping, IsTheSameAsJson) {
  const auto map = map_name("near.example.test");
  ASSERT_TRUE(map);
  const auto json = nlohmann::json::parse(world_map_json(*map));
  EXPECT_EQ(json["name"], "near.example.test.");
  EXPECT_EQ(json["countries"], 4);
  EXPECT_EQ(json["now"]["known"].size(), 3U);
  EXPECT_EQ(json["now"]["known"][0]["who"], "tokyo");
  EXPECT_EQ(json["now"]["known"][0]["countries"], (nlohmann::json{"JP", "KR"}));
  EXPECT_DOUBLE_EQ(json["now"]["known"][0]["ipv4"], 0.5);
  EXPECT_EQ(json["without"].size(), 3U);
  EXPECT_EQ(json["without"][0]["who"], "tokyo");
  EXPECT_EQ(json["without"][2]["checked"], false);
  for (const char* key :
       {"type", "assumed", "databases", "unknown_ipv4", "unknown_ipv6", "left_out"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
}

}  // namespace
}  // namespace admin
