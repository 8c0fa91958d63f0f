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
