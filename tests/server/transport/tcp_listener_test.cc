#include "server/transport/tcp_listener.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "tests/server/transport/loopback.h"

namespace transport {
namespace {

using loopback::Client;
using loopback::Message;
using loopback::milliseconds;

class Listener {
 public:
  explicit Listener(const config::TcpOptions& options = {}, const char* where = "127.0.0.1:0") {
    std::vector<posix::FileDescriptor> sockets;
    sockets.push_back(posix::open_tcp(loopback::address(where)).value());
    address = posix::bound_address(sockets[0]);
    listener = std::make_unique<TcpListener>(std::move(sockets), publisher, 1, options);
  }

  const metrics::Counters& counters() const { return listener->counters(); }
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

TEST(TcpListener, TakesTwoQueriesSplitAnywhere) {
  const Listener server;
  const Message first = loopback::framed(loopback::query(loopback::kEcho, 1));
  const Message second = loopback::framed(loopback::query(loopback::kDynamic, 2));
  Message both = first;
  both.insert(both.end(), second.begin(), second.end());
  for (auto split = both.begin() + 1; split != both.end(); ++split) {
    const Client client = server.connect();
    ASSERT_TRUE(client.send(Message(both.begin(), split)));
    // Where the first query is whole its reply is awaited: the rest comes on its own for certain.
    const bool first_is_whole = split - both.begin() >= std::ssize(first);
    if (first_is_whole) {
      ASSERT_EQ(client.receive_framed().size(), 20U);
    } else {
      std::this_thread::yield();
    }
    ASSERT_TRUE(client.send(Message(split, both.end())));
    if (!first_is_whole) {
      ASSERT_EQ(client.receive_framed(), loopback::echo_of(loopback::query(loopback::kEcho, 1)));
    }
    ASSERT_EQ(client.receive_framed(), loopback::echo_of(loopback::query(loopback::kDynamic, 2)))
        << "split after " << split - both.begin();
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
  // What it is owed, what the kernel holds for it, what its own kernel took; and not 24 MB.
  EXPECT_LT(server.counters().sent_bytes[1].value(), 2u << 20) << "it kept composing";
  EXPECT_TRUE(is_served(server.connect()));
}

TEST(TcpListener, NewcomerOfAnAddressDisplacesItsStalest) {
  const Listener server({.max_per_address = 3});
  std::deque<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    ASSERT_TRUE(is_served(clients.back()));
  }
  ASSERT_TRUE(is_served(clients[0]));  // now the second made progress the longest ago
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

TEST(TcpListener, QueryInDropsIsNoProgress) {
  const Listener server({.message = milliseconds{60'000}, .max_clients = 2});
  const Client trickling = server.connect();
  Message one_and_a_bit = loopback::framed(kQuery);
  one_and_a_bit.push_back(0);
  ASSERT_TRUE(trickling.send(one_and_a_bit));
  ASSERT_EQ(trickling.receive_framed(), kReply);
  const Client idle = server.connect();
  ASSERT_TRUE(is_served(idle));
  ASSERT_TRUE(trickling.send(Message{20}));  // in the middle of a query, and on with it
  ASSERT_TRUE(is_served(server.connect()));
  EXPECT_TRUE(trickling.sees_end());
  EXPECT_TRUE(is_served(idle));
}

TEST(TcpListener, ClientThatDoesNotReadMakesRoom) {
  const Listener server({.stall = milliseconds{60'000}, .max_clients = 2});
  const Client greedy = server.connect();
  const int small = 4096;
  ::setsockopt(greedy.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  Message all;
  const Message one = loopback::framed(loopback::query(loopback::kHuge, 1));
  for (int i = 0; i < 400; ++i) all.insert(all.end(), one.begin(), one.end());
  ASSERT_TRUE(greedy.send(all));
  ASSERT_TRUE(loopback::eventually([&] { return server.counters().queries[1][0].value() > 0; }));
  const Client other = server.connect();
  // Until the greedy one is stuck: fifty rounds that are the other's query and nothing more.
  int quiet_rounds = 0;
  std::uint64_t before = 0;
  ASSERT_TRUE(loopback::eventually([&] {
    EXPECT_TRUE(is_served(other));
    const std::uint64_t now = server.counters().queries[1][0].value();
    quiet_rounds = std::exchange(before, now) + 1 == now ? quiet_rounds + 1 : 0;
    return quiet_rounds == 50;
  }));
  ASSERT_TRUE(is_served(other));
  ASSERT_TRUE(is_served(server.connect()));
  EXPECT_TRUE(is_served(other));
  EXPECT_EQ(server.counters().tcp_evicted.value(), 1u);
  EXPECT_EQ(server.counters().tcp_timed_out.value(), 0u);
}

// A descriptor less than the next accept needs, for this process, while the object lives.
class NoDescriptorsLeft {
 public:
  NoDescriptorsLeft() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none_left = before_;
    none_left.rlim_cur = static_cast<rlim_t>(posix::FileDescriptor{::dup(0)}.get());
    ::setrlimit(RLIMIT_NOFILE, &none_left);
  }
  ~NoDescriptorsLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptorsLeft(const NoDescriptorsLeft&) = delete;
  NoDescriptorsLeft& operator=(const NoDescriptorsLeft&) = delete;

 private:
  rlimit before_{};
};

TEST(TcpListener, OutOfDescriptorsTheStalestGivesItsOwn) {
  const Listener server;
  std::deque<Client> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(server.connect());
    ASSERT_TRUE(is_served(clients.back()));
  }
  const posix::FileDescriptor late{::socket(AF_INET, SOCK_STREAM, 0)};
  const posix::SocketAddress name = posix::to_socket_address(server.address);
  {
    const NoDescriptorsLeft scarcity;
    ASSERT_EQ(::connect(late.get(), &name.any, size_of(name)), 0);
    EXPECT_TRUE(clients[0].sees_end());
  }
  const Message query = loopback::framed(kQuery);
  ASSERT_EQ(::send(late.get(), query.data(), query.size(), 0), std::ssize(query));
  Message reply(2 + kReply.size());
  EXPECT_EQ(::recv(late.get(), reply.data(), reply.size(), MSG_WAITALL), std::ssize(reply));
  EXPECT_EQ(reply, loopback::framed(kReply));
  // accept() asks for a descriptor before it looks for a client: one more may have gone for it.
  EXPECT_TRUE(is_served(clients[2]));
  EXPECT_TRUE(is_served(clients[3]));
  EXPECT_GE(server.counters().tcp_accept_failed.value(), 1u);
}

TEST(TcpListener, TakesOverLimitsWhileItRuns) {
  const Listener server;
  std::deque<Client> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(server.connect());
    ASSERT_TRUE(is_served(clients.back()));
  }
  server.listener->set_options({.max_clients = 2});
  ASSERT_TRUE(is_served(server.connect()));
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(clients[static_cast<std::size_t>(i)].sees_end()) << i;
  }
  EXPECT_TRUE(is_served(clients[4]));
}

// The weight of this process's thread of that name, on the scale of nice(2).
int niceness_of(const std::string& thread) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm") >> std::ws, name);
    if (name != thread) continue;
    const auto id = static_cast<id_t>(std::stoul(task.path().filename().string()));
    return ::getpriority(PRIO_PROCESS, id);
  }
  return -100;
}

TEST(TcpListener, GivesWayToUdp) {
  const Listener server;
  ASSERT_TRUE(is_served(server.connect()));
  const int ours = ::getpriority(PRIO_PROCESS, 0);
  EXPECT_EQ(niceness_of("tcp"), std::min(ours + 5, 19));
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
}  // namespace transport
