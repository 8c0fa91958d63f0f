#include "server/admin/override_api.h"

#include <nlohmann/json.hpp>

#include "tests/server/control/supervised.h"

namespace admin {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class OverrideApiTest : public control::Supervised {
 protected:
  void SetUp() override {
    open_state();
    adopt();
    settle();
  }

  http::Reply put(const std::string& body) {
    return wait([&](const http::Server::Respond& respond) {
      http::Request request;
      request.body = body;
      api().put(request, respond);
    });
  }
  http::Reply erase(std::map<std::string, std::string> query) {
    return wait([&](const http::Server::Respond& respond) {
      http::Request request;
      request.query = std::move(query);
      api().erase(request, respond);
    });
  }

 private:
  OverrideApi& api() {
    if (!api_) {
      api_ = std::make_unique<OverrideApi>(
          supervisor(),
          OverrideApi::Surroundings{
              [this]() -> const zones::ZoneSet& { return *loaded_->configuration.zones; },
              [] { return std::vector<std::string>{"127.0.0.1:5300"}; }});
    }
    return *api_;
  }
  template <class Call>
  http::Reply wait(const Call& call) {
    std::optional<http::Reply> reply;
    call([&reply](http::Reply given) { reply = std::move(given); });
    run_until([&reply] { return reply.has_value(); });
    return reply.value_or(http::Reply{});
  }

  std::unique_ptr<OverrideApi> api_;
};

TEST_F(OverrideApiTest, TakesAnOperatorsWord) {
  const auto reply = put(R"({"target": "tokyo", "force": "drained", "for": "1h", "ttl": "10s",
                             "reason": "kernel", "author": "alice"})");
  ASSERT_EQ(reply.status, 200U) << reply.body;
  const json said = json::parse(reply.body);
  EXPECT_EQ(said["endpoints"][0]["endpoint"], "tokyo");
  EXPECT_EQ(said["endpoints"][0]["addresses"], json({"127.0.0.1"}));
  EXPECT_EQ(said["names"], json({"www.example.test"}));
  EXPECT_EQ(said["listening"], json({"127.0.0.1:5300"}));
  EXPECT_EQ(said["problem"], "");
  const health::Override& made = supervisor().overrides().all().at(0);
  EXPECT_GE(made.expires - made.created, 3600);
  EXPECT_LE(made.expires - made.created, 3601);
  EXPECT_EQ(made.ttl, 10U);
  EXPECT_EQ(made.author, "alice");
  EXPECT_FALSE(standing("tokyo").is_served());

  EXPECT_EQ(erase({{"target", "tokyo"}}).status, 200U);
  EXPECT_TRUE(standing("tokyo").is_served());
}

class Weights : public OverrideApiTest {
 protected:
  void SetUp() override {
    write("zones/canary.test.yaml", R"(
zone: canary.test
endpoints:
  stable: {A: 192.0.2.1}
  canary: {A: 192.0.2.2}
pools:
  drawn: {members: [{stable: 100}, {canary: 0}], pick: weighted}
  order: {members: [stable, canary], pick: failover}
records:
  "@":   {NS: ns1}
  ns1:   {A: 192.0.2.53}
  www:   {dynamic: drawn}
  order: {dynamic: order}
)");
    OverrideApiTest::SetUp();
  }
};

TEST_F(Weights, AreTakenAndTakenBackAlone) {
  const auto reply = put(R"({"target": "Canary", "weight": 10, "for": "1h", "author": "anna"})");
  ASSERT_EQ(reply.status, 200U) << reply.body;
  const json said = json::parse(reply.body);
  EXPECT_EQ(said["endpoints"][0]["endpoint"], "canary");
  EXPECT_EQ(said["endpoints"][0]["weight"], 10);
  EXPECT_EQ(said["endpoints"][0]["weight_by"], "canary");
  EXPECT_EQ(said["names"], json({"www.canary.test"})) << "where the weight counts";
  EXPECT_EQ(standing("canary").weight, 10U);
  EXPECT_TRUE(standing("canary").is_served());

  put(R"({"target": "canary", "force": "drained"})");
  EXPECT_EQ(standing("canary").weight, 10U);
  put(R"({"target": "canary.test/*", "weight": 0})");
  EXPECT_EQ(standing("stable").weight, 0U);
  EXPECT_EQ(standing("canary").weight, 0U);

  const json left = json::parse(erase({{"target", "canary.test/*"}, {"kind", "weight"}}).body);
  EXPECT_EQ(left["endpoints"].size(), 2U);
  EXPECT_EQ(standing("canary").weight, 10U);
  EXPECT_EQ(standing("stable").weight, std::nullopt);
  EXPECT_EQ(erase({{"target", "canary"}, {"kind", "weight"}}).status, 200U);
  EXPECT_EQ(standing("canary").weight, std::nullopt);
  EXPECT_EQ(standing("canary").force, health::Force::Drained);
  EXPECT_EQ(erase({{"target", "canary"}}).status, 200U);
  EXPECT_TRUE(standing("canary").is_served());
}

TEST_F(Weights, AreRefusedWhereTheyMeanNothing) {
  EXPECT_THAT(put(R"({"target": "tokyo", "weight": 1})").body,
              HasSubstr("a weight of `tokyo` would change nothing: no pool with `pick: weighted` "
                        "or `pick: sticky` has it as a member"));
  EXPECT_EQ(put(R"({"target": "nosuch", "weight": 1})").status, 404U);
  const std::vector<std::pair<std::string, std::string>> wrong{
      {R"("weight": 1000001)", "`weight` is a whole number from 0 to 1000000"},
      {R"("weight": -1)", "`weight` is a whole number"},
      {R"("weight": 1.5)", "`weight` is a whole number"},
      {R"("weight": "1")", "`weight` is a whole number"},
      {R"("weight": 1, "force": "up")", "two overrides: say one at a time"},
      {R"("weight": null)", "say `force` (`drained`, `up` or `down`) or `weight`"},
  };
  for (const auto& [part, text] : wrong) {
    const auto reply = put(R"({"target": "canary", )" + part + "}");
    EXPECT_EQ(reply.status, 400U) << part;
    EXPECT_THAT(reply.body, HasSubstr(text)) << part;
  }
  EXPECT_TRUE(supervisor().overrides().all().empty());
}

TEST_F(Weights, AreNotMistakenForForces) {
  put(R"({"target": "canary", "weight": 5})");
  EXPECT_THAT(erase({{"target", "canary"}}).body,
              HasSubstr("no drain or force has the target `canary`; there is none at all"));
  EXPECT_THAT(erase({{"target", "stable"}, {"kind", "weight"}}).body,
              HasSubstr("no weight has the target `stable`; there are: canary "
                        "(weight 5)"));
  EXPECT_THAT(erase({{"target", "canary"}, {"kind", "mass"}}).body,
              HasSubstr("`kind` is `force` or `weight`"));
}

TEST_F(OverrideApiTest, OnlySaysWhatItWouldDo) {
  const auto reply = put(R"({"target": "*", "force": "down", "dry_run": true})");
  EXPECT_EQ(json::parse(reply.body)["endpoints"].size(), 3U);
  EXPECT_TRUE(standing("tokyo").is_served());
  EXPECT_TRUE(supervisor().overrides().all().empty());
}

TEST_F(OverrideApiTest, WritesTargetsInOneWay) {
  put(R"({"target": "Tokyo", "force": "down"})");
  put(R"({"target": "EXAMPLE.test./tokyo", "force": "drained"})");
  const auto& all = supervisor().overrides().all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].target, "tokyo");
  EXPECT_EQ(all[1].target, "example.test/tokyo");
  const json left = json::parse(erase({{"target", "example.test./TOKYO"}}).body);
  EXPECT_EQ(left["endpoints"][0]["force"], "forced-down") << "the other one still holds";
  EXPECT_EQ(left["endpoints"][0]["by"], "tokyo");
}

TEST_F(OverrideApiTest, RefusesWhatItDoesNotUnderstand) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"", "no JSON object"},
      {"[1]", "no JSON object"},
      {R"({"target": "tokyo", "force": "sideways"})", "`force` is `drained`, `up` or `down`"},
      {R"({"target": "tokyo"})", "`force`"},
      {R"({"force": "up"})", "target"},
      {R"({"target": 7, "force": "up"})", "`target` is no text"},
      {R"({"target": "tokyo", "force": "up", "for": "60"})", "`for`: "},
      {R"({"target": "tokyo", "force": "up", "for": "500ms"})", "whole seconds"},
      {R"({"target": "tokyo", "force": "up", "ttl": "400d"})", "366d"},
      {R"({"target": "tokyo", "force": "up", "dry_run": "yes"})", "`dry_run`"},
      {R"({"target": "tokyo", "force": "up", "resaon": "x"})", "did you mean `reason`?"},
  };
  for (const auto& [body, text] : wrong) {
    const auto reply = put(body);
    EXPECT_EQ(reply.status, 400U) << body;
    EXPECT_THAT(reply.body, HasSubstr(text)) << body;
  }
  EXPECT_TRUE(supervisor().overrides().all().empty());
}

TEST_F(OverrideApiTest, KnowsWhatIsNotThere) {
  const auto reply = put(R"({"target": "tokio", "force": "down"})");
  EXPECT_EQ(reply.status, 404U);
  EXPECT_THAT(reply.body, HasSubstr("no endpoint is named `tokio`, did you mean `tokyo`?"));
  EXPECT_THAT(put(R"({"target": "pool:egdes", "force": "down"})").body,
              HasSubstr("no endpoint is in `pool:egdes`, did you mean `pool:edges`?"));
  EXPECT_EQ(erase({}).status, 400U);
  EXPECT_THAT(erase({{"target", "tokyo"}}).body, HasSubstr("there is none at all"));
  put(R"({"target": "spare", "force": "down"})");
  EXPECT_THAT(erase({{"target", "tokyo"}}).body, HasSubstr("there are: spare"));
}

}  // namespace
}  // namespace admin
