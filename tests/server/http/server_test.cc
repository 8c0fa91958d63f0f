#include "server/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <mutex>
#include <stdexcept>

#include "server/http/client.h"
#include "tests/server/transport/loopback.h"

namespace http {
namespace {

using loopback::Client;
using loopback::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr milliseconds kPatience{20'000};

// Says what it was asked, or does what the path says.
void handle(const Request& request, const Server::Respond& respond) {
  if (request.path == "/throw") throw std::runtime_error("out of order");
  if (request.path == "/forget") return;
  if (request.path == "/twice") {
    respond({200, "text/plain", "first"});
    return respond({200, "text/plain", "second"});
  }
  const auto name = request.query.find("name");
  respond({200, "text/plain",
           request.method + " " + request.path + " " +
               (name == request.query.end() ? "-" : name->second) + " " + request.body + " " +
               request.authorization});
}

class RunningServer {
 public:
  explicit RunningServer(Server::Handler handler = handle, const Options& options = {}) {
    posix::FileDescriptor socket = posix::open_tcp(loopback::address("127.0.0.1:0")).value();
    address = posix::bound_address(socket);
    http = std::make_unique<Server>(io, std::move(socket), std::move(handler), options);
    thread = std::thread([this] { io.run(); });
  }
  ~RunningServer() {
    boost::asio::post(io, [this] { http->close(); });
    work.reset();
    thread.join();
  }

  Client connect() const { return {address, SOCK_STREAM}; }
  auto request(std::string_view method, std::string_view target, std::string body = {},
               const Headers& headers = {}) const {
    return http::request(method, address, target, kPatience, std::move(body), headers);
  }
  std::string raw(std::string_view text) const {
    const Client client = connect();
    client.send(text);
    return client.receive_all();
  }

  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  config::ListenAddress address;
  std::unique_ptr<Server> http;
  std::thread thread;
};

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kLast =
    "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

TEST(HttpServer, HandsTheRequestToTheHandler) {
  const RunningServer server;
  const auto reply = server.request("POST", "/a%20b?name=www%2Eexample.org", "text",
                                    {{"Authorization", "Bearer token"}});
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(reply->status, 200u);
  EXPECT_EQ(reply->content_type, "text/plain");
  EXPECT_EQ(reply->body, "POST /a b www.example.org text Bearer token");
}

TEST(HttpServer, KeepsTheConnectionForPipelinedRequests) {
  const RunningServer server;
  const std::string replies = server.raw(std::string(kGet) + std::string(kLast));
  EXPECT_NE(replies.find("HTTP/1.1 200 OK"), replies.rfind("HTTP/1.1 200 OK"));
}

TEST(HttpServer, AnswersHeadWithoutABody) {
  const RunningServer server;
  const std::string reply =
      server.raw("HEAD /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(reply, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(reply, EndsWith("\r\n\r\n"));
}

TEST(HttpServer, TellsBrowsersNotToGuessAndNotToKeep) {
  const RunningServer server;
  const std::string reply = server.raw(kLast);
  EXPECT_THAT(reply, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(reply, HasSubstr("Cache-Control: no-store\r\n"));
}

TEST(HttpServer, RefusesTwoHosts) {
  const RunningServer server;
  EXPECT_THAT(server.raw("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: attacker.example\r\n"
                         "Connection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
}

TEST(HttpServer, RefusesForeignHosts) {
  const RunningServer server;
  for (const char* host :
       {"Host: attacker.example\r\n", "Host: attacker.example:8053\r\n", "", "Host: \r\n"}) {
    EXPECT_THAT(server.raw("GET / HTTP/1.1\r\n" + std::string(host) + "Connection: close\r\n\r\n"),
                StartsWith("HTTP/1.1 403"))
        << host;
  }
}

TEST(HttpServer, TakesAnyHostWhereToldTo) {
  const RunningServer server(handle, {.any_host = true});
  EXPECT_THAT(server.raw("GET /x HTTP/1.1\r\nHost: ns1.example:8054\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(server.raw("GET /x HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(server.raw("GET /x HTTP/1.1\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(server.raw("GET /x HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n"
                         "Connection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
}

TEST(HttpServer, HandsBodiesOfAllMethodsOver) {
  const RunningServer server;
  for (const char* method : {"PUT", "DELETE", "PATCH"}) {
    EXPECT_EQ(server.request(method, "/x", "text")->body, std::string(method) + " /x - text ");
    EXPECT_EQ(server.request(method, "/x")->body, std::string(method) + " /x -  ");
  }
  EXPECT_THAT(server.raw("PUT /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 200"))
      << "a body without length is none (RFC 9112 6.3)";
}

TEST(HttpServer, AnswersNoContentWithoutLengthOrType) {
  const RunningServer server([](const Request&, const Server::Respond& respond) {
    respond({204, "text/plain", "dropped"});
  });
  const std::string replies = server.raw(std::string(kGet) + std::string(kLast));
  EXPECT_THAT(replies, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(replies, Not(HasSubstr("\r\nContent-Length")));
  EXPECT_THAT(replies, Not(HasSubstr("\r\nContent-Type")));
  EXPECT_THAT(replies, Not(HasSubstr("dropped")));
  EXPECT_NE(replies.find("HTTP/1.1 204"), replies.rfind("HTTP/1.1 204")) << "the next one follows";
  const auto reply = server.request("DELETE", "/x");
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(reply->status, 204u);
  EXPECT_EQ(reply->body, "");
}

TEST(HttpServer, AddsTheHeadersOfAReply) {
  const RunningServer server([](const Request&, const Server::Respond& respond) {
    respond({405, "text/plain", "no", {{"Allow", "PUT, POST"}}});
  });
  EXPECT_THAT(server.raw(kLast), HasSubstr("\r\nAllow: PUT, POST\r\n"));
}

TEST(HttpServer, RefusesChangesFromOtherSites) {
  const RunningServer server;
  const Headers origin{{"Origin", "https://attacker.example"}};
  EXPECT_EQ(server.request("POST", "/x", "", origin)->status, 403u);
  EXPECT_EQ(server.request("DELETE", "/x", "", {{"Origin", "null"}})->status, 403u);
  EXPECT_EQ(server.request("GET", "/x", "", origin)->status, 200u);
}

TEST(HttpServer, RefusesMalformedRequests) {
  const RunningServer server;
  EXPECT_THAT(server.raw("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(server.raw("GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
}

TEST(HttpServer, LimitsHeaderAndBody) {
  const RunningServer server;
  EXPECT_THAT(
      server.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(9000, 'x') + "\r\n\r\n"),
      StartsWith("HTTP/1.1 431"));
  EXPECT_EQ(server.request("POST", "/", std::string(56 * 1024, 'x'))->status, 200u);
  EXPECT_EQ(server.request("POST", "/", std::string(56 * 1024 + 1, 'x'))->status, 413u);
  EXPECT_THAT(
      server.raw("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"),
      StartsWith("HTTP/1.1 413"));
}

TEST(HttpServer, EndsASlowRequest) {
  const RunningServer server(handle, {.request = milliseconds{100}, .idle = milliseconds{60'000}});
  const Client client = server.connect();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2000; ++i) {
    if (!client.send(i == 0 ? "G" : "E") || !client.sees_nothing(milliseconds{10})) break;
  }
  EXPECT_TRUE(client.sees_end());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{15});
}

TEST(HttpServer, EndsAnIdleConnection) {
  const RunningServer server(handle, {.idle = milliseconds{100}});
  EXPECT_TRUE(server.connect().sees_end());
  const Client used = server.connect();
  ASSERT_TRUE(used.send(kGet));
  EXPECT_THAT(used.receive_all(), StartsWith("HTTP/1.1 200"));
}

// Whether a request on this connection gets its reply.
bool is_served(const Client& client) { return client.send(kGet) && !client.receive().empty(); }

// A connection of its own from `source`, an address of the loopback network.
posix::FileDescriptor connect_from(const char* source, const config::ListenAddress& to) {
  posix::FileDescriptor fd{::socket(AF_INET, SOCK_STREAM, 0)};
  const posix::SocketAddress from =
      posix::to_socket_address(loopback::address(std::string(source) + ":0"));
  const posix::SocketAddress name = posix::to_socket_address(to);
  EXPECT_EQ(::bind(fd.get(), &from.any, size_of(from)), 0);
  EXPECT_EQ(::connect(fd.get(), &name.any, size_of(name)), 0);
  return fd;
}

TEST(HttpServer, ACrowdThatSaysNothingKeepsNobodyOut) {
  const RunningServer server(
      handle, {.request = std::chrono::minutes(1), .idle = std::chrono::minutes(1)});  // 32 clients
  std::vector<std::unique_ptr<Client>> crowd;
  for (int i = 0; i < 40; ++i) {
    crowd.push_back(std::make_unique<Client>(server.connect()));
    if (i % 2 != 0) crowd.back()->send("GET /x HTTP/1.1\r\n");
  }
  for (int i = 0; i < 3; ++i) EXPECT_THAT(server.raw(kLast), StartsWith("HTTP/1.1 200"));
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(crowd[static_cast<std::size_t>(i)]->sees_end()) << i;
  EXPECT_TRUE(is_served(*crowd[38])) << "the latest of the crowd have room";
}

TEST(HttpServer, TheStalestConnectionMakesRoom) {
  const RunningServer server(handle, {.max_connections = 2});
  const Client first = server.connect();
  ASSERT_TRUE(is_served(first));
  const Client second = server.connect();
  ASSERT_TRUE(is_served(second));
  ASSERT_TRUE(is_served(first));
  const Client third = server.connect();
  EXPECT_TRUE(second.sees_end());
  EXPECT_TRUE(is_served(third));
  EXPECT_TRUE(is_served(first));
}

TEST(HttpServer, ARequestInDropsIsNoProgress) {
  const RunningServer server(handle, {.max_connections = 2});
  const Client drops = server.connect();
  const Client other = server.connect();
  ASSERT_TRUE(is_served(other));
  ASSERT_TRUE(drops.send("GET /x HT"));
  ASSERT_TRUE(drops.sees_nothing(milliseconds{20}));
  const Client third = server.connect();
  EXPECT_TRUE(drops.sees_end());
  EXPECT_TRUE(is_served(third));
  EXPECT_TRUE(is_served(other));
}

TEST(HttpServer, OneAddressDisplacesItselfAlone) {
  const RunningServer server(handle, {.max_per_address = 2, .idle = std::chrono::minutes(1)});
  const Client other = server.connect();
  ASSERT_TRUE(is_served(other));
  std::vector<posix::FileDescriptor> greedy;
  for (int i = 0; i < 40; ++i) greedy.push_back(connect_from("127.0.0.2", server.address));
  for (std::size_t i = 0; i < 38; ++i) {
    pollfd waiting{greedy[i].get(), POLLIN, 0};
    ASSERT_EQ(::poll(&waiting, 1, 20'000), 1) << i;
  }
  for (std::size_t i = 38; i < 40; ++i) {
    pollfd waiting{greedy[i].get(), POLLIN, 0};
    EXPECT_EQ(::poll(&waiting, 1, 0), 0) << i;
  }
  EXPECT_TRUE(is_served(other)) << "though it has been idle for longest";
}

TEST(HttpServer, AnswersAnExceptionWith500) {
  const RunningServer server;
  EXPECT_EQ(server.request("GET", "/throw")->status, 500u);
}

TEST(HttpServer, AnswersForAHandlerThatForgets) {
  const RunningServer server;
  EXPECT_EQ(server.request("GET", "/forget")->status, 500u);
}

TEST(HttpServer, TakesTheFirstOfTwoReplies) {
  const RunningServer server;
  EXPECT_EQ(server.request("GET", "/twice")->body, "first");
}

// A handler that leaves the reply to the test.
struct Later {
  Server::Handler handler() {
    return [this](const Request& request, Server::Respond respond) {
      if (request.path == "/now") return respond({200, "text/plain", "now"});
      asked.set_value(std::move(respond));
    };
  }
  std::promise<Server::Respond> asked;
};

TEST(HttpServer, WaitsForAReplyFromAnotherThread) {
  Later later;
  const RunningServer server(later.handler(),
                             {.request = milliseconds{100}, .idle = milliseconds{100}});
  auto reply = std::async(std::launch::async, [&] { return server.request("POST", "/reload"); });
  Server::Respond respond = later.asked.get_future().get();
  std::this_thread::sleep_for(milliseconds{300});  // longer than a request may take
  EXPECT_EQ(server.request("GET", "/now")->body, "now") << "others are served meanwhile";
  respond({202, "text/plain", "late"});
  EXPECT_EQ(reply.get()->body, "late");
}

TEST(HttpServer, NeverDisplacesARequestThatIsBeingAnswered) {
  Later later;
  const RunningServer server(later.handler(), {.max_connections = 1});
  const Client client = server.connect();
  ASSERT_TRUE(client.send(kGet));
  const Server::Respond respond = later.asked.get_future().get();
  EXPECT_THAT(server.raw(kLast), StartsWith("HTTP/1.1 503"));
  respond({200, "text/plain", "done"});
  const loopback::Message reply = client.receive();
  EXPECT_THAT(std::string(reply.begin(), reply.end()), EndsWith("done"));
  EXPECT_EQ(server.request("GET", "/now")->body, "now") << "it gives way once it is answered";
}

TEST(HttpServer, GivesUpOnAHandlerThatTakesTooLong) {
  Later later;
  const RunningServer server(later.handler(), {.answer = milliseconds{50}});
  EXPECT_EQ(server.request("GET", "/reload")->status, 504u);
  later.asked.get_future().get()({200, "text/plain", "too late"});
  EXPECT_EQ(server.request("GET", "/now")->status, 200u);
}

TEST(HttpServer, SurvivesAClientThatHasGone) {
  Later later;
  const RunningServer server(later.handler());
  Client client = server.connect();
  ASSERT_TRUE(client.send(kGet));
  Server::Respond respond = later.asked.get_future().get();
  client.close();
  std::thread([&respond] { respond({200, "text/plain", std::string(1'000'000, 'x')}); }).join();
  EXPECT_EQ(server.request("GET", "/now")->status, 200u);
}

TEST(HttpServer, SurvivesAReplyAfterItsOwnEnd) {
  boost::asio::io_context io;
  Server::Respond respond;
  posix::FileDescriptor socket = posix::open_tcp(loopback::address("127.0.0.1:0")).value();
  const config::ListenAddress address = posix::bound_address(socket);
  auto http = std::make_unique<Server>(
      io, std::move(socket),
      [&respond](const Request&, Server::Respond mine) { respond = std::move(mine); });
  const Client client(address, SOCK_STREAM);
  ASSERT_TRUE(client.send(kGet));
  while (!respond) io.run_one();
  http.reset();
  respond({200, "text/plain", "nobody listens"});
  io.run();
  EXPECT_TRUE(client.sees_end());
}

}  // namespace
}  // namespace http
