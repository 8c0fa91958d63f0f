// Whole runs against a server of this process, on loopback.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <sstream>
#include <thread>
#include <vector>

#include "bench/load/tcp_run.h"
#include "bench/load/udp_run.h"
#include "server/posix/file_descriptor.h"

namespace load {
namespace {

using namespace std::chrono_literals;

QuerySet some_queries() {
  std::istringstream lines("a.test A\nb.test AAAA\nc.test TXT\n");
  return QuerySet(read_query_file(lines).value(), {});
}

// A socket on a free port of 127.0.0.1.
class Listener {
 public:
  explicit Listener(int type) : fd_(::socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&here), size), 0);
    EXPECT_EQ(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&here), &size), 0);
    port_ = ntohs(here.sin_port);
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

  [[nodiscard]] Options options() const {
    Options options;
    options.server = dnswire::IpAddress::from_text("127.0.0.1").value();
    options.port = port_;
    options.warm_up = 0;
    options.seconds = 60;
    options.number = 1000;
    options.verify = true;
    options.timeout = 60s;
    options.window = 32;  // no more than the smallest socket buffer holds
    return options;
  }

 private:
  posix::FileDescriptor fd_;
  std::uint16_t port_ = 0;
};

// Sends queries back as replies, all but every `silence`-th (0: none is left out).
class UdpServer {
 public:
  explicit UdpServer(unsigned silence)
      : listener_(SOCK_DGRAM), silence_(silence), thread_([this] { serve(); }) {}
  ~UdpServer() {
    stopped_ = true;
    ::shutdown(listener_.fd(), SHUT_RDWR);  // wakes who waits for a datagram
    thread_.join();
  }

  [[nodiscard]] Options options() const { return listener_.options(); }

 private:
  void serve() {
    std::array<std::uint8_t, 512> octets{};
    for (unsigned count = 1; !stopped_; ++count) {
      sockaddr_in client{};
      socklen_t size = sizeof client;
      auto* const address = reinterpret_cast<sockaddr*>(&client);
      const ssize_t got =
          ::recvfrom(listener_.fd(), octets.data(), octets.size(), 0, address, &size);
      if (got <= 0 || (silence_ != 0 && count % silence_ == 0)) continue;
      octets[2] |= 0x80;
      ::sendto(listener_.fd(), octets.data(), static_cast<std::size_t>(got), 0, address, size);
    }
  }

  Listener listener_;
  unsigned silence_;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

TEST(RunUdp, GetsAnAnswerToEveryQuery) {
  const UdpServer server(0);
  const QuerySet queries = some_queries();
  const Tally tally = run_udp(server.options(), queries).tally;
  EXPECT_EQ(tally.sent, 1000);
  EXPECT_EQ(tally.answered, 1000);
  EXPECT_EQ(tally.lost, 0);
  EXPECT_EQ(tally.wrong, 0);
  EXPECT_EQ(tally.rcodes[0], 1000);
  EXPECT_EQ(tally.latency.count(), 1000);
}

TEST(RunUdp, CountsWhatIsLost) {
  const UdpServer server(10);
  const QuerySet queries = some_queries();
  Options options = server.options();
  options.timeout = 300ms;
  const Tally tally = run_udp(options, queries).tally;
  EXPECT_EQ(tally.sent, 1000);
  EXPECT_GE(tally.lost, 100);  // on a slow machine others are late as well
  EXPECT_GT(tally.answered, 0);
  EXPECT_EQ(tally.answered + tally.lost, 1000);
}

TEST(RunUdp, KeepsToItsRate) {
  const UdpServer server(0);
  const QuerySet queries = some_queries();
  Options options = server.options();
  options.number = 100;
  options.rate = 2000;
  const Outcome outcome = run_udp(options, queries);
  EXPECT_EQ(outcome.tally.sent, 100);
  EXPECT_EQ(outcome.tally.answered, 100);
  EXPECT_GE(outcome.measured, 49ms);  // the last one is due then
}

// One connection after the other: sends what comes on it back as replies.
class TcpServer {
 public:
  TcpServer() : listener_(SOCK_STREAM) {
    EXPECT_EQ(::listen(listener_.fd(), 16), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~TcpServer() {
    stopped_ = true;
    ::shutdown(listener_.fd(), SHUT_RDWR);  // wakes who waits for a connection
    thread_.join();
  }

  [[nodiscard]] Options options() const { return listener_.options(); }

 private:
  void serve() {
    while (!stopped_) {
      const posix::FileDescriptor client(::accept(listener_.fd(), nullptr, nullptr));
      std::array<std::uint8_t, 2> length{};
      while (client && ::recv(client.get(), length.data(), 2, MSG_WAITALL) == 2) {
        std::vector<std::uint8_t> message(dnswire::load16(length.data()));
        if (::recv(client.get(), message.data(), message.size(), MSG_WAITALL) <= 0) break;
        message[2] |= 0x80;
        message.insert(message.begin(), length.begin(), length.end());
        ::send(client.get(), message.data(), message.size(), MSG_NOSIGNAL);
      }
    }
  }

  Listener listener_;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

TEST(RunTcp, GetsAnAnswerToEveryPipelinedQuery) {
  const TcpServer server;
  const QuerySet queries = some_queries();
  Options options = server.options();
  options.connections = 1;
  const Tally tally = run_tcp(options, queries).tally;
  EXPECT_EQ(tally.sent, 1000);
  EXPECT_EQ(tally.answered, 1000);
  EXPECT_EQ(tally.lost, 0);
  EXPECT_EQ(tally.wrong, 0);
  EXPECT_EQ(tally.connections, 1);
}

TEST(RunTcp, MakesAConnectionForEachQuery) {
  const TcpServer server;
  const QuerySet queries = some_queries();
  Options options = server.options();
  options.number = 50;
  options.connections = 1;
  options.pipelined = 1;
  options.per_connection = 1;
  const Tally tally = run_tcp(options, queries).tally;
  EXPECT_EQ(tally.answered, 50);
  EXPECT_EQ(tally.lost, 0);
  EXPECT_GE(tally.connections, 50);
  EXPECT_EQ(tally.failed_connections, 0);
}

}  // namespace
}  // namespace load
