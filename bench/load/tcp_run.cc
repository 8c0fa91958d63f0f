#include "bench/load/tcp_run.h"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>
#include <vector>

#include "bench/load/ledger.h"
#include "bench/load/tcp_connection.h"

namespace load {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPatience = 1;  // ms, so that phases and timeouts are seen

class TcpRun {
 public:
  TcpRun(const Options& options, const QuerySet& queries)
      : poll_(::epoll_create1(EPOLL_CLOEXEC)), ledger_(options, queries, Clock::now()) {
    if (!poll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    for (unsigned i = 0; i < options.connections; ++i) {
      connections_.push_back(std::make_unique<TcpConnection>(options, queries, ledger_));
    }
  }

  Outcome run() {
    while (!ledger_.is_over(waiting())) {
      const Time now = Clock::now();
      ledger_.advance(now);
      if (now >= next_look_) look_after_connections(now);
      std::array<epoll_event, 256> events;
      const int count = ::epoll_wait(poll_.get(), events.data(), events.size(), kPatience);
      for (int i = 0; i < count; ++i) serve(events[static_cast<std::size_t>(i)]);
    }
    return ledger_.outcome();
  }

 private:
  [[nodiscard]] std::size_t waiting() const {
    std::size_t sum = 0;
    for (const auto& connection : connections_) sum += connection->waiting();
    return sum;
  }

  void look_after_connections(Time now) {
    next_look_ = now + std::chrono::milliseconds(10);
    for (const auto& connection : connections_) {
      if (connection->is_open() && connection->is_overdue(now)) connection->close();
      if (!connection->is_open()) open(*connection, now);
    }
  }

  void open(TcpConnection& connection, Time now) {
    if (!ledger_.may_send() || !connection.open(opened_++, now)) return;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &connection;
    if (::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, connection.fd(), &event) != 0) {
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
  }

  void serve(const epoll_event& event) {
    auto& connection = *static_cast<TcpConnection*>(event.data.ptr);
    const Time now = Clock::now();
    bool goes_on = (event.events & EPOLLOUT) == 0 || connection.on_writable(now);
    if (goes_on && (event.events & ~std::uint32_t{EPOLLOUT}) != 0) {
      goes_on = connection.on_readable();
    }
    if (goes_on) return;
    connection.close();
    open(connection, Clock::now());
  }

  posix::FileDescriptor poll_;
  Ledger ledger_;
  std::vector<std::unique_ptr<TcpConnection>> connections_;
  Time next_look_;
  std::size_t opened_ = 0;
};

}  // namespace

Outcome run_tcp(const Options& options, const QuerySet& queries) {
  return TcpRun(options, queries).run();
}

}  // namespace load
