#include "server/admin/explanation_json.h"

#include <nlohmann/json.hpp>
#include <set>

#include "server/admin/explain.h"
#include "tests/server/control/configured.h"

namespace admin {
namespace {

using Json = nlohmann::json;

std::set<std::string> keys_of(const Json& json) {
  std::set<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.insert(key);
  return keys;
}
using Keys = std::set<std::string>;

class ExplanationJson : public control::Configured {
 protected:
  ExplanationJson() {
    write("zones/example.test.yaml", R"(
zone: example.test
endpoints:
  tokyo: {A: 192.0.2.1, at: JP}
pools:
  asia:  {members: [tokyo]}
  world: {members: [asia], pick: nearest}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  www: {dynamic: world}
)");
  }
  Json explain_name(const char* name, const char* assumptions = "") {
    const control::Loaded loaded = load();
    answer::Snapshot snapshot;
    snapshot.zones = loaded.configuration.zones;
    snapshot.plan = loaded.configuration.plan;
    snapshot.map = loaded.map;
    snapshot.atlas = loaded.atlas;
    snapshot.board = std::make_shared<const health::Board>(
        std::vector<health::Standing>(loaded.configuration.roster->subjects.size()));
    const auto request = parse_explain_request(name, "", "192.0.2.99", assumptions);
    const auto explanation = explain(*request, snapshot, {});
    return explanation ? Json::parse(explanation_json(*explanation)) : Json();
  }
};

// Programs read them: what is taken away here breaks somebody.
TEST_F(ExplanationJson, KeysAreThoseOfTheDocument) {
  const Json json = explain_name("www.example.test");
  EXPECT_EQ(keys_of(json), (Keys{"name", "type", "assumed", "clients"}));
  const Json& client = json["clients"][0];
  EXPECT_EQ(keys_of(client), (Keys{"client", "steps", "answer"}));
  EXPECT_EQ(keys_of(client["client"]),
            (Keys{"address", "special", "network", "place", "source", "continent", "country",
                  "subdivision", "latitude", "longitude", "centroid", "asn"}));
  EXPECT_EQ(keys_of(client["answer"]),
            (Keys{"status", "why", "records", "ttl", "ttl_because", "scope", "scope_because"}));
  const Json& step = client["steps"][0];
  EXPECT_EQ(keys_of(step), (Keys{"kind", "name", "zone", "serial", "owner", "wildcard", "target",
                                 "ttl", "note", "decision"}));
  const Json& decision = step["decision"];
  EXPECT_EQ(keys_of(decision), (Keys{"family", "rule", "rules", "pools", "instead", "failover"}));
  EXPECT_EQ(keys_of(decision["failover"]),
            (Keys{"none", "bound_seconds", "slowest", "caches_seconds", "stays", "then"}));
  const Json& pool = decision["pools"][0];
  EXPECT_EQ(keys_of(pool), (Keys{"pool", "zone", "pick", "healthy", "needs", "serves", "stands_in",
                                 "has_family", "origin_down", "then", "order_for", "members"}));
  const Json& below = pool["members"][0];
  const Keys kMember{"zone",          "chosen", "why",    "position",         "distance_km",
                     "counted_as_km", "bias",   "weight", "configured_weight"};
  Keys keys = kMember;
  keys.insert({"pool", "pools"});
  EXPECT_EQ(keys_of(below), keys);
  const Json& endpoint = below["pools"][0]["members"][0];
  keys = kMember;
  keys.insert({"endpoint", "addresses"});
  EXPECT_EQ(keys_of(endpoint), keys);
  EXPECT_EQ(keys_of(endpoint["addresses"][0]),
            (Keys{"address", "state", "served", "chosen", "notes"}));
}

TEST_F(ExplanationJson, HasTheFactsOfTheText) {
  const Json json = explain_name("www.example.test", "up:tokyo");
  EXPECT_EQ(json["assumed"], Json{"up: tokyo"});
  const Json& client = json["clients"][0];
  EXPECT_EQ(client["steps"][0]["kind"], "dynamic");
  EXPECT_EQ(client["steps"][0]["decision"]["rules"][0],
            (Json{{"condition", "everyone"}, {"pool", "world"}}));
  EXPECT_EQ(client["answer"]["records"][0], (Json{{"type", "A"}, {"data", "192.0.2.1"}}));
  EXPECT_EQ(client["answer"]["scope"], 0);
}

TEST_F(ExplanationJson, SaysHowANameEnds) {
  EXPECT_EQ(explain_name("ns1.example.test")["clients"][0]["answer"]["status"], "records");
  EXPECT_EQ(explain_name("none.example.test")["clients"][0]["answer"]["status"], "nxdomain");
  EXPECT_EQ(explain_name("example.com")["clients"][0]["answer"]["status"], "refused");
}

}  // namespace
}  // namespace admin
