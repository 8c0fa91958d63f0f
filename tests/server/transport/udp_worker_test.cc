#include "server/transport/udp_worker.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <array>
#include <cstring>
#include <memory>

#include "server/posix/cores.h"
#include "tests/server/transport/loopback.h"

namespace transport {
namespace {

using loopback::Client;
using loopback::Message;

// Several workers on one or more addresses.
class Workers {
 public:
  Workers(const std::vector<std::string>& addresses, std::size_t count,
          const UdpWorkerOptions& options = {}) {
    std::vector<std::vector<posix::FileDescriptor>> sockets(count);
    for (const std::string& text : addresses) {
      auto opened = posix::open_listeners(loopback::address(text), count).value();
      listening.push_back(opened.address);
      for (std::size_t i = 0; i < count; ++i) sockets[i].push_back(std::move(opened.udp[i]));
    }
    for (auto& own : sockets) {
      workers.push_back(std::make_unique<UdpWorker>(std::move(own), publisher, 1, options));
    }
  }

  template <class Pick>
  std::uint64_t sum(Pick pick) const {
    std::uint64_t total = 0;
    for (const auto& worker : workers) total += pick(worker->counters()).value();
    return total;
  }

  Publisher publisher{loopback::snapshot(1)};
  std::vector<config::ListenAddress> listening;
  std::vector<std::unique_ptr<UdpWorker>> workers;
};

std::uint64_t generation_in(const Message& reply) {
  return (std::uint64_t{dnswire::load32(&reply[reply.size() - 8])} << 32) |
         dnswire::load32(&reply[reply.size() - 4]);
}

TEST(UdpWorker, AnswersManyQueriesOverBothFamilies) {
  Workers server({"127.0.0.1:0", "[::1]:0"}, 3);
  for (const config::ListenAddress& address : server.listening) {
    for (int c = 0; c < 8; ++c) {
      const Client client(address, SOCK_DGRAM);
      for (std::uint16_t i = 0; i < 50; ++i) {
        ASSERT_TRUE(client.send(loopback::query(loopback::kEcho, i)));
      }
      for (std::uint16_t i = 0; i < 50; ++i) {
        ASSERT_EQ(client.receive(), loopback::echo_of(loopback::query(loopback::kEcho, i)));
      }
    }
  }
  for (auto& worker : server.workers) worker->stop();
  EXPECT_EQ(server.sum([](const metrics::Counters& c) -> auto& { return c.queries[0][0]; }), 400u);
  EXPECT_EQ(server.sum([](const metrics::Counters& c) -> auto& { return c.queries[0][1]; }), 400u);
  EXPECT_EQ(server.sum([](const metrics::Counters& c) -> auto& { return c.responses[0]; }), 800u);
  EXPECT_EQ(server.sum([](const metrics::Counters& c) -> auto& { return c.sent_bytes[0]; }),
            800u * 20);
}

TEST(UdpWorker, AnswersFromTheAddressThatWasAsked) {
  Workers server({"0.0.0.0:0"}, 2);
  for (const char* host : {"127.0.0.1:0", "127.0.0.2:0", "127.3.4.5:0"}) {
    config::ListenAddress asked = loopback::address(host);
    asked.port = server.listening[0].port;
    const Client client(asked, SOCK_DGRAM);  // connected: takes replies from there only
    const Message query = loopback::query(loopback::kEcho, 3);
    ASSERT_TRUE(client.send(query));
    EXPECT_EQ(client.receive(), loopback::echo_of(query)) << host;
  }
}

TEST(UdpWorker, AnswersOnTheIpv6Wildcard) {
  Workers server({"[::]:0"}, 1);
  config::ListenAddress asked = loopback::address("[::1]:0");
  asked.port = server.listening[0].port;
  const Client client(asked, SOCK_DGRAM);
  const Message query = loopback::query(loopback::kEcho, 3);
  ASSERT_TRUE(client.send(query));
  EXPECT_EQ(client.receive(), loopback::echo_of(query));
}

TEST(UdpWorker, SilenceSendsNothingAndIsCounted) {
  Workers server({"127.0.0.1:0"}, 1);
  const Client client(server.listening[0], SOCK_DGRAM);
  ASSERT_TRUE(client.send(loopback::query(loopback::kSilence, 1)));
  ASSERT_TRUE(client.send(Message{1, 2, 3}));
  ASSERT_TRUE(client.send(loopback::query(loopback::kEcho, 2)));
  EXPECT_EQ(client.receive(), loopback::echo_of(loopback::query(loopback::kEcho, 2)));
  EXPECT_EQ(server.workers[0]->counters().dropped.value(), 2u);
}

// Two sockets of the worker answer each other's replies and are never without queries.
TEST(UdpWorker, AnswersOnAQuietSocketWhileOthersKeepItBusy) {
  Publisher publisher{loopback::snapshot(1)};
  std::vector<posix::FileDescriptor> sockets;
  std::vector<config::ListenAddress> addresses;
  for (int i = 0; i < 3; ++i) {
    sockets.push_back(posix::open_udp(loopback::address("127.0.0.1:0")).value());
    addresses.push_back(posix::bound_address(sockets.back()));
  }
  const Message query = loopback::query(loopback::kEcho, 1);
  const posix::SocketAddress second = posix::to_socket_address(addresses[1]);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(::sendto(sockets[0].get(), query.data(), query.size(), 0, &second.any,
                       posix::size_of(second)),
              std::ssize(query));
  }
  UdpWorker worker(std::move(sockets), publisher, 1);
  const metrics::Counter& queries = worker.counters().queries[0][0];
  ASSERT_TRUE(loopback::eventually([&] { return queries.value() > 100; }));
  const Client client(addresses[2], SOCK_DGRAM);
  for (std::uint16_t i = 0; i < 20; ++i) {
    const std::uint64_t before = queries.value();
    ASSERT_TRUE(client.send(loopback::query(loopback::kEcho, i)));
    ASSERT_EQ(client.receive(), loopback::echo_of(loopback::query(loopback::kEcho, i)));
    ASSERT_TRUE(loopback::eventually([&] { return queries.value() > before + 1; })) << "not busy";
  }
  worker.stop();  // busy or not
}

TEST(UdpWorker, PinnedAndBusyPollingItAnswersAndStopsAllTheSame) {
  UdpWorkerOptions options;
  options.core = posix::usable_cores().front();
  options.busy_poll = std::chrono::microseconds{200};
  Workers server({"127.0.0.1:0", "[::1]:0"}, 2, options);
  for (const config::ListenAddress& address : server.listening) {
    const Client client(address, SOCK_DGRAM);
    for (std::uint16_t i = 0; i < 20; ++i) {
      ASSERT_TRUE(client.send(loopback::query(loopback::kEcho, i)));
      ASSERT_EQ(client.receive(), loopback::echo_of(loopback::query(loopback::kEcho, i)));
    }
  }
  server.publisher.publish(loopback::snapshot(2));
  EXPECT_TRUE(loopback::eventually([&] { return server.publisher.collect() == 0; }));
}

// A UDP datagram from port 0, which only a raw socket can make.
bool send_from_port_zero(const config::ListenAddress& to, const Message& payload) {
  const posix::FileDescriptor raw{::socket(AF_INET, SOCK_RAW, IPPROTO_UDP)};
  if (!raw) return false;
  Message datagram(8);
  dnswire::store16(&datagram[2], to.port);
  dnswire::store16(&datagram[4], static_cast<std::uint16_t>(8 + payload.size()));
  datagram.insert(datagram.end(), payload.begin(), payload.end());
  const posix::SocketAddress name = posix::to_socket_address({to.address, 0});
  return ::sendto(raw.get(), datagram.data(), datagram.size(), 0, &name.any, size_of(name)) ==
         std::ssize(datagram);
}

TEST(UdpWorker, NeverAnswersSourcePortZero) {
  Workers server({"127.0.0.1:0"}, 1);
  const Message query = loopback::query(loopback::kEcho, 1);
  if (!send_from_port_zero(server.listening[0], query)) {
    GTEST_SKIP() << "raw sockets need CAP_NET_RAW";
  }
  const metrics::Counters& counters = server.workers[0]->counters();
  ASSERT_TRUE(loopback::eventually([&] { return counters.queries[0][0].value() == 1; }));
  server.workers[0]->stop();
  EXPECT_EQ(counters.dropped.value(), 1u);
  EXPECT_EQ(counters.responses[0].value(), 0u);
  EXPECT_EQ(counters.send_failed.value(), 0u);
}

TEST(UdpWorker, AnswersFromTheLatestSnapshot) {
  Workers server({"127.0.0.1:0"}, 1);
  const Client client(server.listening[0], SOCK_DGRAM);
  for (std::uint64_t generation = 2; generation < 50; ++generation) {
    server.publisher.publish(loopback::snapshot(generation));
    ASSERT_TRUE(client.send(loopback::query(loopback::kGeneration, 1)));
    ASSERT_EQ(generation_in(client.receive()), generation);
  }
}

TEST(UdpWorker, IdleWorkerLetsGoOfTheFormerSnapshot) {
  Workers server({"127.0.0.1:0"}, 3);
  server.publisher.publish(loopback::snapshot(2));
  EXPECT_TRUE(loopback::eventually([&] { return server.publisher.collect() == 0; }));
}

TEST(UdpWorker, AnswersThroughAStormOfPublishes) {
  Workers server({"127.0.0.1:0"}, 2);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (std::uint64_t generation = 2; !done; ++generation) {
      server.publisher.publish(loopback::snapshot(generation));
    }
  });
  const Client client(server.listening[0], SOCK_DGRAM);
  std::uint64_t last = 0;
  for (std::uint16_t i = 0; i < 500; ++i) {
    EXPECT_TRUE(client.send(loopback::query(loopback::kGeneration, i)));
    const Message reply = client.receive();
    EXPECT_EQ(reply.size(), 28u);
    if (reply.size() != 28) break;
    EXPECT_GE(generation_in(reply), last);
    last = generation_in(reply);
  }
  done = true;
  writer.join();
}

TEST(UdpWorker, StopsTwiceWithoutHarm) {
  Workers server({"127.0.0.1:0"}, 1);
  server.workers[0]->stop();
  server.workers[0]->stop();
  const Client client(server.listening[0], SOCK_DGRAM);
  EXPECT_TRUE(client.send(loopback::query(loopback::kEcho, 1)));
  EXPECT_TRUE(client.sees_nothing(loopback::milliseconds{50}));
}

}  // namespace
}  // namespace transport
