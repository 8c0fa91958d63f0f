#include "bench/hostile_crowd.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "bench/well_behaved.h"
#include "server/posix/file_descriptor.h"

namespace bench {
namespace {

using posix::FileDescriptor;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kTypeTxt = 16;
constexpr std::size_t kQueriesAtOnce = 100;
constexpr auto kDrop = std::chrono::seconds(1);  // between two octets of a trickle

enum class Habit : std::uint8_t { Idle, Trickling, NeverReading };

struct Client {
  Habit habit = Habit::Idle;
  std::uint32_t address = 0;
  FileDescriptor fd;
  bool connected = false;
  std::size_t sent = 0;    // octets of the trickle
  Clock::time_point next;  // octet of the trickle
};

class Crowd {
 public:
  Crowd(std::uint16_t port, const CrowdOptions& options)
      : port_(port),
        options_(options),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        clients_(options.connections),
        trickle_(framed(query_for("www", 1, 1))) {
    for (std::size_t i = 0; i < kQueriesAtOnce; ++i) {
      pipeline_ += framed(query_for("big", kTypeTxt, static_cast<std::uint16_t>(i)));
    }
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      clients_[i].habit = static_cast<Habit>(i % 3);
      // 127.16.0.0 and on.
      clients_[i].address =
          0x7f100000 + static_cast<std::uint32_t>(i / 3 % options.addresses) * 257;
      outside_.push_back(i);
    }
  }

  CrowdReport run(const std::atomic<bool>& stop) {
    Clock::time_point last = Clock::now();
    double allowance = 0;
    while (!stop) {
      handle_events();
      const Clock::time_point now = Clock::now();
      allowance += std::chrono::duration<double>(now - last).count() * options_.connects_per_second;
      allowance = std::min(allowance, 0.1 * options_.connects_per_second);
      last = now;
      for (; allowance >= 1 && !outside_.empty(); --allowance) come_in();
      trickle(now);
    }
    return report_;
  }

 private:
  void handle_events() {
    std::array<epoll_event, 256> events;
    const int ready = ::epoll_wait(epoll_.get(), events.data(), events.size(), 5);
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const auto index = static_cast<std::size_t>(event.data.u64);
      Client& client = clients_[index];
      if ((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
        ++(client.connected ? report_.closed : report_.failed);
        go_out(index);
      } else if ((event.events & EPOLLOUT) != 0) {
        client.connected = true;
        if (client.habit == Habit::NeverReading) pipeline(client);
      }
    }
  }

  void come_in() {
    const std::size_t index = outside_.front();
    outside_.pop_front();
    Client& client = clients_[index];
    client.fd = FileDescriptor{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    // What waits here is the crowd's own, and would be counted as sent.
    const int small = 16 * 1024;
    ::setsockopt(client.fd.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    client.connected = false;
    client.sent = 0;
    client.next = Clock::now();
    const sockaddr_in ours = name_of(client.address, 0);
    const sockaddr_in theirs = name_of(INADDR_LOOPBACK, port_);
    ++report_.connects;
    epoll_event event{};
    event.events = EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = index;
    if (::bind(client.fd.get(), reinterpret_cast<const sockaddr*>(&ours), sizeof ours) != 0 ||
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client.fd.get(), &event) != 0 ||
        (::connect(client.fd.get(), reinterpret_cast<const sockaddr*>(&theirs), sizeof theirs) !=
             0 &&
         errno != EINPROGRESS)) {
      ++report_.failed;
      go_out(index);
    }
  }

  void go_out(std::size_t index) {
    clients_[index].fd = {};
    outside_.push_back(index);
  }

  void pipeline(const Client& client) {
    for (;;) {
      const ssize_t size =
          ::send(client.fd.get(), pipeline_.data(), pipeline_.size(), MSG_NOSIGNAL);
      if (size <= 0) return;
      report_.octets += static_cast<std::uint64_t>(size);
    }
  }

  void trickle(Clock::time_point now) {
    for (Client& client : clients_) {
      if (client.habit != Habit::Trickling || !client.connected || !client.fd) continue;
      if (now < client.next) continue;
      client.next = now + kDrop;
      const char octet = trickle_[client.sent++ % trickle_.size()];
      if (::send(client.fd.get(), &octet, 1, MSG_NOSIGNAL) == 1) ++report_.octets;
    }
  }

  static sockaddr_in name_of(std::uint32_t address, std::uint16_t port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr.s_addr = htonl(address);
    return name;
  }

  std::uint16_t port_;
  CrowdOptions options_;
  FileDescriptor epoll_;
  std::vector<Client> clients_;
  std::deque<std::size_t> outside_;  // indices of those that are not connected
  std::string trickle_;
  std::string pipeline_;
  CrowdReport report_;
};

}  // namespace

CrowdReport run_crowd(std::uint16_t port, const CrowdOptions& options,
                      const std::atomic<bool>& stop) {
  return Crowd(port, options).run(stop);
}

}  // namespace bench
