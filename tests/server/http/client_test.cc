#include "server/http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "tests/server/transport/loopback.h"

namespace http {
namespace {

using loopback::milliseconds;
using ::testing::HasSubstr;

// Accepts one connection, waits for the request and says `reply`.
class Listener {
 public:
  explicit Listener(std::string reply)
      : socket(posix::open_tcp(loopback::address("127.0.0.1:0")).value()),
        address(posix::bound_address(socket)) {
    thread = std::thread([this, text = std::move(reply)] {
      pollfd waiting{socket.get(), POLLIN, 0};
      ::poll(&waiting, 1, 20'000);
      const posix::FileDescriptor peer{::accept(socket.get(), nullptr, nullptr)};
      std::string request(4096, '\0');
      request.resize(static_cast<std::size_t>(
          std::max<ssize_t>(0, ::recv(peer.get(), request.data(), request.size(), 0))));
      received = request;
      ::send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL);
    });
  }
  ~Listener() {
    if (thread.joinable()) thread.join();
  }

  posix::FileDescriptor socket;
  config::ListenAddress address;
  std::string received;
  std::thread thread;
};

TEST(HttpClient, SendsMethodTargetHostHeadersAndBody) {
  Listener server(
      "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\n\r\n{}");
  const auto reply = request("POST", server.address, "/reload?x=1", milliseconds{20'000}, "body",
                             {{"Authorization", "Bearer t"}});
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(reply->status, 201u);
  EXPECT_EQ(reply->content_type, "application/json");
  EXPECT_EQ(reply->body, "{}");
  server.thread.join();
  EXPECT_THAT(server.received, HasSubstr("POST /reload?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(server.received, HasSubstr("Host: " + server.address.to_text() + "\r\n"));
  EXPECT_THAT(server.received, HasSubstr("Authorization: Bearer t\r\n"));
  EXPECT_THAT(server.received, HasSubstr("\r\n\r\nbody"));
}

TEST(HttpClient, SaysThatNobodyListens) {
  posix::FileDescriptor socket = posix::open_tcp(loopback::address("127.0.0.1:0")).value();
  const config::ListenAddress address = posix::bound_address(socket);
  socket = {};
  const auto reply = request("GET", address, "/", milliseconds{20'000});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error(),
            "cannot reach the server at " + address.to_text() + ": Connection refused");
}

TEST(HttpClient, DoesNotWaitForever) {
  const posix::FileDescriptor silent = posix::open_tcp(loopback::address("127.0.0.1:0")).value();
  const auto reply = request("GET", posix::bound_address(silent), "/", milliseconds{100});
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error(), HasSubstr("did not answer in time"));
}

TEST(HttpClient, RefusesWhatIsNotHttp) {
  Listener server("SSH-2.0-OpenSSH\r\n\r\n");
  const auto reply = request("GET", server.address, "/", milliseconds{20'000});
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error(), HasSubstr("cannot reach the server at 127.0.0.1:"));
}

}  // namespace
}  // namespace http
