#include "server/tcp_listener.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>

#include "tests/server/loopback.h"

namespace server {
namespace {

using loopback::Client;
using loopback::Message;
using loopback::milliseconds;

class Listener {
 public:
  explicit Listener(const TcpOptions& options = {}, const char* where = "127.0.0.1:0") {
    std::vector<FileDescriptor> sockets;
    sockets.push_back(open_tcp(loopback::address(where)).value());
    address = bound_address(sockets[0]);
    listener = std::make_unique<TcpListener>(std::move(sockets), publisher, 1, options);
  }

  const Counters& counters() const { return listener->counters(); }
  Client connect() const { return {address, SOCK_STREAM}; }

  Publisher publisher{loopback::snapshot(1)};
  config::ListenAddress address;
  std::unique_ptr<TcpListener> listener;
};

const Message kQuery = loopback::query(loopback::kEcho, 1);
const Message kReply = loopback::echo_of(kQuery);

bool is_served(const Client& client) {
  return client.send(loopback::framed(kQuery)) && client.receive_framed() == kReply;
}

TEST(TcpListener, AnswersOverBothFamilies) {
  for (const char* where : {"127.0.0.1:0", "[::1]:0", "[::]:0"}) {
    const Listener server({}, where);
    config::ListenAddress to = server.address;
    if (to.is_wildcard()) to.address = loopback::address("[::1]:0").address;
    EXPECT_TRUE(is_served(Client(to, SOCK_STREAM))) << where;
  }
}

TEST(TcpListener, TakesAQueryOctetByOctet) {
  const Listener server;
  const Client client = server.connect();
  for (int round = 0; round < 2; ++round) {
    for (const std::uint8_t octet : loopback::framed(kQuery)) {
      ASSERT_TRUE(client.send(Message{octet}));
      std::this_thread::yield();
    }
    EXPECT_EQ(client.receive_framed(), kReply);
  }
}

TEST(TcpListener, AnswersAHundredPipelinedQueriesInOrder) {
  const Listener server;
  const Client client = server.connect();
  Message all;
  for (std::uint16_t i = 0; i < 100; ++i) {
    const Message one = loopback::framed(loopback::query(loopback::kEcho, i));
    all.insert(all.end(), one.begin(), one.end());
  }
  ASSERT_TRUE(client.send(all));
  for (std::uint16_t i = 0; i < 100; ++i) {
    ASSERT_EQ(client.receive_framed(), loopback::echo_of(loopback::query(loopback::kEcho, i)));
  }
  EXPECT_EQ(server.counters().queries[1][0].value(), 100u);
  EXPECT_EQ(server.counters().tcp_accepted.value(), 1u);
}

TEST(TcpListener, AnswersAfterTheClientHasClosedItsHalf) {
  const Listener server;
  const Client client = server.connect();
  const Message one = loopback::framed(loopback::query(loopback::kHuge, 1));
  Message all;
  for (int i = 0; i < 40; ++i) all.insert(all.end(), one.begin(), one.end());
  ASSERT_TRUE(client.send(all));
  client.end_of_queries();
  for (int i = 0; i < 40; ++i) ASSERT_EQ(client.receive_framed().size(), 60'000u);
  EXPECT_TRUE(client.sees_end());
}

TEST(TcpListener, TakesTheLongestMessageThereIs) {
  const Listener server;
  const Client client = server.connect();
  Message query = kQuery;
  query.resize(65535, 0x55);
  ASSERT_TRUE(client.send(loopback::framed(query)));
  EXPECT_EQ(client.receive_framed(), loopback::echo_of(query));
  EXPECT_TRUE(is_served(client));
}

TEST(TcpListener, SilenceClosesTheConnectionAfterEarlierReplies) {
  const Listener server;
  const Client client = server.connect();
  Message both = loopback::framed(kQuery);
  const Message silence = loopback::framed(loopback::query(loopback::kSilence, 2));
  both.insert(both.end(), silence.begin(), silence.end());
  ASSERT_TRUE(client.send(both));
  EXPECT_EQ(client.receive_framed(), kReply);
  EXPECT_TRUE(client.sees_end());
  EXPECT_EQ(server.counters().dropped.value(), 1u);
}

TEST(TcpListener, EmptyMessageClosesTheConnection) {
  const Listener server;
  const Client client = server.connect();
  ASSERT_TRUE(client.send(Message{0, 0}));
  EXPECT_TRUE(client.sees_end());
}

TEST(TcpListener, ClosesAnIdleConnection) {
  const Listener server({.idle = milliseconds{100}});
  const Client fresh = server.connect();
  EXPECT_TRUE(fresh.sees_end());
  const Client used = server.connect();
  EXPECT_TRUE(is_served(used));
  EXPECT_TRUE(used.sees_end());
  EXPECT_EQ(server.counters().tcp_timed_out.value(), 2u);
}

TEST(TcpListener, ClosesAConnectionWhoseQueryComesInDrops) {
  const Listener server({.idle = milliseconds{60'000}, .message = milliseconds{100}});
  const Client client = server.connect();
  ASSERT_TRUE(is_served(client));
  const auto start = std::chrono::steady_clock::now();
  Message query(1000, 0);
  dnswire::store16(query.data(), 998);
  for (const std::uint8_t octet : query) {  // ten seconds' worth, an octet at a time
    if (!client.send(Message{octet})) break;
    if (!client.sees_nothing(milliseconds{10})) break;
  }
  EXPECT_TRUE(client.sees_end());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{9});
  EXPECT_EQ(server.counters().tcp_timed_out.value(), 1u);
}

TEST(TcpListener, ClosesAConnectionThatDoesNotReadAndServesTheOthers) {
  const Listener server({.idle = milliseconds{60'000}, .stall = milliseconds{200}});
  const Client greedy = server.connect();
  const int small = 4096;
  ::setsockopt(greedy.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  Message all;
  const Message one = loopback::framed(loopback::query(loopback::kHuge, 1));
  for (int i = 0; i < 400; ++i) all.insert(all.end(), one.begin(), one.end());  // owes us 24 MB
  ASSERT_TRUE(greedy.send(all));
  EXPECT_TRUE(is_served(server.connect()));
  EXPECT_TRUE(loopback::eventually([&] { return server.counters().tcp_timed_out.value() == 1; }));
  EXPECT_LT(server.counters().queries[1][0].value(), 400u) << "it kept composing";
  EXPECT_TRUE(is_served(server.connect()));
}

TEST(TcpListener, NewcomerOfAnAddressDisplacesItsLongestIdle) {
  const Listener server({.max_per_address = 3});
  std::deque<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    ASSERT_TRUE(is_served(clients.back()));
  }
  ASSERT_TRUE(is_served(clients[0]));  // now the second is idle longest
  ASSERT_TRUE(is_served(server.connect()));
  EXPECT_TRUE(clients[1].sees_end());
  EXPECT_TRUE(is_served(clients[0]));
  EXPECT_TRUE(is_served(clients[2]));
  EXPECT_EQ(server.counters().tcp_evicted.value(), 1u);
}

TEST(TcpListener, LimitsAllClientsTogether) {
  const Listener server({.max_clients = 2});
  const Client first = server.connect();
  ASSERT_TRUE(is_served(first));
  const Client second = server.connect();
  ASSERT_TRUE(is_served(second));
  const Client third = server.connect();
  ASSERT_TRUE(is_served(third));
  EXPECT_TRUE(first.sees_end());
  EXPECT_TRUE(is_served(second));
}

TEST(TcpListener, RefusesANewcomerWhenNobodyIsIdle) {
  const Listener server({.message = milliseconds{60'000}, .max_per_address = 1});
  const Client busy = server.connect();
  Message one_and_a_bit = loopback::framed(kQuery);
  one_and_a_bit.push_back(0);  // in the middle of the next query: never idle from here on
  ASSERT_TRUE(busy.send(one_and_a_bit));
  ASSERT_EQ(busy.receive_framed(), kReply);
  const Client late = server.connect();
  EXPECT_TRUE(late.sees_end());
  EXPECT_EQ(server.counters().tcp_refused.value(), 1u);
  Message rest = loopback::framed(kQuery);
  rest.erase(rest.begin());
  ASSERT_TRUE(busy.send(rest));
  EXPECT_EQ(busy.receive_framed(), kReply);
}

TEST(TcpListener, IdleListenerLetsGoOfTheFormerSnapshot) {
  Listener server;
  server.publisher.publish(loopback::snapshot(2));
  EXPECT_TRUE(loopback::eventually([&] { return server.publisher.collect() == 0; }));
}

TEST(TcpListener, StopClosesConnections) {
  const Listener server;
  const Client client = server.connect();
  ASSERT_TRUE(is_served(client));
  server.listener->stop();
  server.listener->stop();
  EXPECT_TRUE(client.sees_end());
}

}  // namespace
}  // namespace server
