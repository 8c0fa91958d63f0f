#include "server/admin/heartbeat_api.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace admin {
namespace {

using Beat = probes::Engine::Beat;

struct Listener {
  // Knows one endpoint and its token.
  http::Reply ask(const std::string& method, const std::string& path,
                  const std::string& authorization = "Bearer right") {
    const auto handler =
        make_heartbeat_api([this](std::string_view address, std::string_view token) {
          asked.push_back(std::string(address) + " " + std::string(token));
          if (address != "example.org/edge-1") return Beat::NoSuchTarget;
          return token == "right" ? Beat::Renewed : Beat::WrongToken;
        });
    http::Request request;
    request.method = method;
    request.path = path;
    request.authorization = authorization;
    http::Reply reply;
    handler(request, [&reply](http::Reply given) { reply = std::move(given); });
    return reply;
  }

  std::vector<std::string> asked;
};

TEST(HeartbeatApi, RenewsTheLease) {
  Listener listener;
  for (const char* method : {"PUT", "POST"}) {
    const http::Reply reply = listener.ask(method, "/heartbeat/example.org/edge-1");
    EXPECT_EQ(reply.status, 204U);
    EXPECT_EQ(reply.body, "");
  }
  EXPECT_EQ(listener.ask("PUT", "/heartbeat/Example.ORG./Edge-1").status, 204U);
  EXPECT_EQ(listener.asked, std::vector<std::string>(3, "example.org/edge-1 right"));
}

TEST(HeartbeatApi, TellsNoStrangerWhatExists) {
  Listener listener;
  const http::Reply unknown = listener.ask("PUT", "/heartbeat/example.org/nobody");
  const http::Reply wrong = listener.ask("PUT", "/heartbeat/example.org/edge-1", "Bearer wrong");
  EXPECT_EQ(unknown.status, 403U);
  EXPECT_EQ(wrong.status, 403U);
  EXPECT_EQ(unknown.body, wrong.body);
  EXPECT_EQ(unknown.headers, wrong.headers);
  EXPECT_EQ(unknown.content_type, wrong.content_type);
}

TEST(HeartbeatApi, WantsAToken) {
  Listener listener;
  for (const char* authorization : {"", "Basic cmlnaHQ6", "Bearer", "Bearer ", "right"}) {
    const http::Reply reply = listener.ask("PUT", "/heartbeat/example.org/edge-1", authorization);
    EXPECT_EQ(reply.status, 401U) << authorization;
    EXPECT_EQ(reply.headers, (decltype(reply.headers){{"WWW-Authenticate", "Bearer"}}));
  }
  EXPECT_TRUE(listener.asked.empty());
}

TEST(HeartbeatApi, KnowsNoOtherPath) {
  Listener listener;
  for (const char* path :
       {"/", "/heartbeat", "/heartbeat/", "/heartbeat/example.org", "/heartbeat/example.org/",
        "/heartbeat//edge-1", "/heartbeat/example.org/edge-1/", "/heartbeat/a/b/c", "/status",
        "/Heartbeat/example.org/edge-1", "//heartbeat/example.org/edge-1"}) {
    EXPECT_EQ(listener.ask("PUT", path).status, 404U) << path;
  }
  EXPECT_TRUE(listener.asked.empty());
}

TEST(HeartbeatApi, KnowsNoOtherMethod) {
  Listener listener;
  for (const char* method : {"GET", "DELETE", "OPTIONS", "PATCH"}) {
    const http::Reply reply = listener.ask(method, "/heartbeat/example.org/edge-1");
    EXPECT_EQ(reply.status, 405U) << method;
    EXPECT_EQ(reply.headers, (decltype(reply.headers){{"Allow", "PUT, POST"}}));
  }
  EXPECT_TRUE(listener.asked.empty());
}

}  // namespace
}  // namespace admin
