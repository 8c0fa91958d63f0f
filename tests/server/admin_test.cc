#include "server/admin.h"

#include "tests/server/started_control.h"

namespace server {
namespace {

using testing::HasSubstr;

class Admin : public StartedControl {
 protected:
  HttpReply ask(const std::string& method, const std::string& path,
                std::map<std::string, std::string> query = {}) {
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.query = std::move(query);
    HttpReply reply{0, {}, {}};
    handler_(request, [&reply](HttpReply given) { reply = std::move(given); });
    return reply;
  }

  bool reload_works_ = true;
  HttpServer::Handler handler_ = make_admin(control_, publisher_, metrics_,
                                            [this](auto tell) { tell(reload_works_, "done\n"); });
};

TEST_F(Admin, GivesMetricsInTheFormatOfPrometheus) {
  const HttpReply reply = ask("GET", "/metrics");
  EXPECT_EQ(reply.status, 200U);
  EXPECT_THAT(reply.content_type, HasSubstr("version=0.0.4"));
  EXPECT_THAT(reply.body, HasSubstr("fairlead_build_info"));
}

TEST_F(Admin, ExplainsFromTheSnapshotInUse) {
  settle(load());
  const HttpReply reply =
      ask("GET", "/explain", {{"name", "www.example.test"}, {"client", "192.0.2.1"}});
  EXPECT_EQ(reply.status, 200U);
  EXPECT_THAT(reply.body, HasSubstr("answer    192.0.2.1\n"));
  EXPECT_EQ(ask("GET", "/explain").status, 400U);
  EXPECT_THAT(ask("GET", "/explain", {{"name", "a"}, {"client", "x"}}).body,
              HasSubstr("`x` is no client address"));
}

TEST_F(Admin, ReloadsByPostAlone) {
  EXPECT_EQ(ask("POST", "/reload").status, 200U);
  EXPECT_EQ(ask("POST", "/reload").body, "done\n");
  EXPECT_EQ(ask("GET", "/reload").status, 405U);
  reload_works_ = false;
  EXPECT_EQ(ask("POST", "/reload").status, 422U);
}

TEST_F(Admin, KnowsWhatItDoesNotHave) {
  EXPECT_EQ(ask("GET", "/nosuch").status, 404U);
  EXPECT_EQ(ask("POST", "/metrics").status, 405U);
  EXPECT_EQ(ask("GET", "/health").status, 200U);
  EXPECT_THAT(ask("GET", "/").body, HasSubstr("/metrics"));
}

}  // namespace
}  // namespace server
