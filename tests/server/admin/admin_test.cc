#include "server/admin/admin.h"

#include "tests/server/control/started_control.h"

namespace admin {
namespace {

using testing::HasSubstr;

class Admin : public control::StartedControl {
 protected:
  http::Reply ask(const std::string& method, const std::string& path,
                  std::map<std::string, std::string> query = {}, const std::string& body = {}) {
    http::Request request;
    request.authorization = authorization_;
    request.body = body;
    request.method = method;
    request.path = path;
    request.query = std::move(query);
    http::Reply reply{0, {}, {}};
    handler_(request, [&reply](http::Reply given) { reply = std::move(given); });
    return reply;
  }

  bool reload_works_ = true;
  std::string authorization_ = "Bearer secret";
  http::Server::Handler handler_ = make_admin(
      {control_, publisher_, metrics_, [this](auto tell) { tell(reload_works_, "done\n"); },
       "secret", [] { return std::vector<std::string>{}; }});
};

TEST_F(Admin, GivesMetricsInTheFormatOfPrometheus) {
  const http::Reply reply = ask("GET", "/metrics");
  EXPECT_EQ(reply.status, 200U);
  EXPECT_THAT(reply.content_type, HasSubstr("version=0.0.4"));
  EXPECT_THAT(reply.body, HasSubstr("fairlead_build_info"));
  EXPECT_THAT(reply.body, HasSubstr("fairlead_isolated{uplink=\"ipv4\"} 0"));
}

TEST_F(Admin, ExplainsFromTheSnapshotInUse) {
  settle(load());
  const http::Reply reply =
      ask("GET", "/explain", {{"name", "www.example.test"}, {"client", "192.0.2.1"}});
  EXPECT_EQ(reply.status, 200U);
  EXPECT_THAT(reply.body, HasSubstr("answer    192.0.2.1\n"));
  EXPECT_EQ(ask("GET", "/explain").status, 400U);
  EXPECT_THAT(ask("GET", "/explain", {{"name", "a"}, {"client", "x"}}).body,
              HasSubstr("`x` is no client address"));
}

TEST_F(Admin, ExplainsSeveralClientsAndWhatIsNotSo) {
  settle(load());
  const http::Reply reply = ask("GET", "/explain",
                                {{"name", "www.example.test"},
                                 {"client", "192.0.2.1,192.0.2.2"},
                                 {"assume", "down:tokyo"},
                                 {"format", "json"}});
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_THAT(reply.body, HasSubstr("\"assumed down\""));
  EXPECT_EQ(ask("GET", "/explain",
                {{"name", "www.example.test"}, {"client", "192.0.2.1"}, {"assume", "down:nobody"}})
                .status,
            404U);
  EXPECT_THAT(ask("GET", "/explain", {{"name", "www.example.test"}, {"client", "192.0.2.1"}}).body,
              HasSubstr("answer    192.0.2.1\n"))
      << "nothing was changed";
}

TEST_F(Admin, MapsTheWorldAside) {
  settle(load());
  std::function<void()> job;
  handler_ = make_admin({control_, publisher_, metrics_, [](auto tell) { tell(true, ""); }, "",
                         [] { return std::vector<std::string>{}; },
                         [&job](auto given) { job = std::move(given); }});
  http::Request request;
  request.method = "GET";
  request.path = "/map";
  request.query = {{"name", "www.example.test"}};
  http::Reply reply{0, {}, {}};
  handler_(request, [&reply](http::Reply given) { reply = std::move(given); });
  EXPECT_EQ(reply.status, 0U);
  job();
  EXPECT_EQ(reply.status, 200U);
  EXPECT_THAT(reply.body, HasSubstr("of all addresses: tokyo\n"));
  request.query["format"] = "json";
  handler_(request, [&reply](http::Reply given) { reply = std::move(given); });
  job();
  EXPECT_EQ(reply.content_type, "application/json");
  request.query["name"] = "ns1.example.test";
  handler_(request, [&reply](http::Reply given) { reply = std::move(given); });
  job();
  EXPECT_EQ(reply.status, 404U);
  EXPECT_EQ(ask("GET", "/map", {{"name", "a..b"}}).status, 400U);
}

TEST_F(Admin, ReloadsByPostAlone) {
  EXPECT_EQ(ask("POST", "/reload").status, 200U);
  EXPECT_EQ(ask("POST", "/reload").body, "done\n");
  EXPECT_EQ(ask("GET", "/reload").status, 405U);
  reload_works_ = false;
  EXPECT_EQ(ask("POST", "/reload").status, 422U);
}

TEST_F(Admin, WhatChangesSomethingNeedsTheToken) {
  settle(load());
  const std::string body = R"({"target": "tokyo", "force": "down"})";
  for (const char* wrong : {"", "Bearer", "Bearer wrong", "Basic secret", "secret"}) {
    authorization_ = wrong;
    EXPECT_EQ(ask("POST", "/reload").status, 401U) << wrong;
    EXPECT_EQ(ask("PUT", "/overrides", {}, body).status, 401U) << wrong;
    EXPECT_EQ(ask("DELETE", "/overrides", {{"target", "tokyo"}}).status, 401U) << wrong;
    EXPECT_EQ(ask("GET", "/status").status, 200U);
    EXPECT_EQ(ask("GET", "/overrides").body, "[]\n");
  }
  authorization_ = "Bearer secret";
  EXPECT_EQ(ask("PUT", "/overrides", {}, body).status, 200U);
  EXPECT_THAT(ask("GET", "/overrides").body, HasSubstr("\"forced-down\""));
  EXPECT_EQ(ask("DELETE", "/overrides", {{"target", "tokyo"}}).status, 200U);
}

TEST_F(Admin, WithoutATokenNothingCanBeChanged) {
  handler_ = make_admin({control_, publisher_, metrics_, [](auto tell) { tell(true, ""); }, "",
                         [] { return std::vector<std::string>{}; }});
  authorization_ = "Bearer ";
  EXPECT_EQ(ask("POST", "/reload").status, 403U);
  EXPECT_THAT(ask("POST", "/reload").body, HasSubstr("no admin token"));
}

TEST_F(Admin, KnowsWhatItDoesNotHave) {
  EXPECT_EQ(ask("GET", "/nosuch").status, 404U);
  EXPECT_EQ(ask("POST", "/metrics").status, 405U);
  EXPECT_EQ(ask("GET", "/health").status, 200U);
  EXPECT_THAT(ask("GET", "/").body, HasSubstr("/metrics"));
}

}  // namespace
}  // namespace admin
