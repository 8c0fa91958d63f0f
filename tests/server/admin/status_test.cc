#include "server/admin/status.h"

#include <nlohmann/json.hpp>

#include "server/admin/status_text.h"
#include "tests/server/control/supervised.h"

namespace admin {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Status : public control::Supervised {
 protected:
  void SetUp() override {
    write("zones/weights.test.yaml",
          "zone: weights.test\nendpoints: {drawn: {A: 192.0.2.1}}\n"
          "pools: {web: {members: [{drawn: 100}], pick: weighted}}\n"
          "records: {\"@\": {NS: ns1}, ns1: {A: 192.0.2.53}, www: {dynamic: web}}\n");
    adopt();
    settle();
    health::Override override;
    override.target = "tokyo";
    override.reason = "kernel \x1b[2J update";
    override.author = "alice";
    override.created = control::Clocks::now().wall / 1000;
    override.expires = override.created + 3600;
    override.ttl = 7;
    supervisor().put(override, [](const control::Supervisor::Taken&) {});
  }
  std::string text(const std::string& pattern = {}) {
    return status_json(supervisor(), {pattern, 12, "cannot reach hooks.example"});
  }
};

TEST_F(Status, SaysEverythingThatIsKnown) {
  const json status = json::parse(text());
  EXPECT_EQ(status["generation"], 12);
  EXPECT_EQ(status["isolated"], json::array());
  EXPECT_EQ(status["probes"]["targets"], 2);
  ASSERT_EQ(status["alarms"].size(), 2U);
  EXPECT_THAT(status["alarms"][0].get<std::string>(), StartsWith("state: "));
  EXPECT_EQ(status["alarms"][1], "hooks: cannot reach hooks.example");
  ASSERT_EQ(status["endpoints"].size(), 4U);
  const json& tokyo = status["endpoints"][0];
  EXPECT_EQ(tokyo["endpoint"], "tokyo");
  EXPECT_EQ(tokyo["served"], false);
  EXPECT_EQ(tokyo["shown"], "drained");
  EXPECT_EQ(tokyo["state"], "up");
  EXPECT_EQ(tokyo["override"]["author"], "alice");
  EXPECT_EQ(tokyo["override"]["ttl"], 7);
  const json& frankfurt = status["endpoints"][1];
  EXPECT_EQ(frankfurt["shown"], "down");
  EXPECT_EQ(frankfurt["checks"][0]["name"], "alive");
  EXPECT_EQ(frankfurt["checks"][0]["last"]["reason"], "refused");
  EXPECT_EQ(frankfurt["checks"][0]["results"][0]["reason"], "refused");
  EXPECT_EQ(status["endpoints"][2]["shown"], "unchecked");
  EXPECT_EQ(status["overrides"][0]["endpoints"], 1);
}

TEST_F(Status, ShowsTheWeightThatAnOperatorGave) {
  health::Override override;
  override.target = "drawn";
  override.force = health::Force::None;
  override.weight = 10;
  override.author = "anna";
  override.reason = "canary";
  override.created = control::Clocks::now().wall / 1000;
  supervisor().put(override, [](const control::Supervisor::Taken&) {});
  const json status = json::parse(text("drawn"));
  const json& drawn = status["endpoints"].at(0);
  EXPECT_FALSE(drawn.contains("override"));
  EXPECT_EQ(drawn["weight_override"]["weight"], 10);
  EXPECT_EQ(drawn["weight_override"]["configured"], "100");
  EXPECT_EQ(status["overrides"][1]["weight"], 10);
  EXPECT_FALSE(status["overrides"][1].contains("force"));
  const auto shown = status_text(text(), false);
  ASSERT_TRUE(shown);
  EXPECT_THAT(*shown, HasSubstr("weight 10 (configured 100, by anna: canary)\n"));
  EXPECT_THAT(*shown, HasSubstr("override drawn  weight 10 by anna: canary (1 endpoint)"));
}

TEST_F(Status, IsLimitedToWhatIsAskedFor) {
  EXPECT_EQ(json::parse(text("f*"))["endpoints"].size(), 1U);
  EXPECT_EQ(json::parse(text("pool:edges"))["endpoints"].size(), 2U);
  EXPECT_EQ(json::parse(text("nosuch"))["endpoints"].size(), 0U);
}

TEST_F(Status, IsATableForPeople) {
  const auto shown = status_text(text(), false);
  ASSERT_TRUE(shown);
  EXPECT_THAT(*shown, HasSubstr("2 checks"));
  EXPECT_THAT(*shown, HasSubstr("ALARM  hooks: cannot reach hooks.example\n"));
  EXPECT_THAT(*shown, HasSubstr("\nexample.test\n"));
  EXPECT_THAT(*shown, testing::ContainsRegex("- tokyo +127\\.0\\.0\\.1 +drained .*by alice until"));
  EXPECT_THAT(*shown, HasSubstr("(really up)"));
  EXPECT_THAT(*shown, testing::ContainsRegex("- frankfurt +127\\.0\\.0\\.2 +down .*refused"));
  EXPECT_THAT(*shown, testing::ContainsRegex("spare +127\\.0\\.0\\.3 +unchecked"));
  EXPECT_THAT(*shown, HasSubstr("override tokyo  drained by alice"));
  EXPECT_THAT(*shown, Not(HasSubstr("\x1b"))) << "no escape reaches the terminal";
}

TEST_F(Status, ShowsTheLatestResultsIfAsked) {
  const auto shown = status_text(text("frankfurt"), true);
  ASSERT_TRUE(shown);
  EXPECT_THAT(*shown,
              testing::ContainsRegex("alive \\(tcp, edge\\): down  !+  connection refused"));
}

TEST(StatusText, RefusesWhatIsNoStatus) {
  EXPECT_FALSE(status_text("", false));
  EXPECT_FALSE(status_text("[]", false));
  EXPECT_FALSE(status_text(R"({"endpoints": 7})", false));
}

}  // namespace
}  // namespace admin
