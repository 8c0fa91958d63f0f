// What the thread of a TcpListener does. For tcp_listener.cc.
#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <vector>

#include "server/config/protocol_options.h"
#include "server/metrics/counters.h"
#include "server/posix/file_descriptor.h"
#include "server/transport/publisher.h"
#include "server/transport/tcp_connection.h"
#include "server/transport/tcp_crowd.h"
#include "server/transport/tcp_turn.h"

namespace transport {

// One epoll(7) for everything. A connection costs a receive and a send for all the queries that it
// has pipelined; deadlines are looked at now and then, without a timer for each.
//
// Threads: run() belongs to one; the others are for any.
class TcpLoop {
 public:
  // Throws std::system_error when the machine is out of descriptors.
  TcpLoop(std::vector<posix::FileDescriptor> sockets, Publisher& publisher, std::uint64_t seed,
          const config::TcpOptions& options);

  void run();  // until stop(); then all sockets are closed
  void stop();
  void set_options(const config::TcpOptions& options);
  [[nodiscard]] const metrics::Counters& counters() const noexcept { return counters_; }

 private:
  using Clock = TcpConnection::Clock;
  using Ready = boost::intrusive::list<
      TcpConnection,
      boost::intrusive::member_hook<TcpConnection,
                                    boost::intrusive::list_member_hook<TcpConnection::AutoUnlink>,
                                    &TcpConnection::among_ready>,
      boost::intrusive::constant_time_size<false>>;

  void wake() const noexcept;
  void take_time();
  void take_messages();
  void take_options();
  [[nodiscard]] int patience() const;
  void handle(TcpSocket* socket);
  void serve_ready();
  void serve(TcpConnection& connection);
  bool await(TcpSocket& socket, std::uint32_t events, int operation) const noexcept;
  void close(TcpConnection& connection) noexcept;
  void close_all() noexcept;

  void accept_from(const TcpSocket& listener);
  void admit(posix::FileDescriptor socket, const config::ListenAddress& peer);
  void make_room(const dnswire::IpAddress& group);
  bool evict(TcpConnection* connection);
  void listen_for(std::uint32_t events) noexcept;
  void sweep();

  posix::FileDescriptor epoll_;
  posix::FileDescriptor event_;  // stop, new options or a new Snapshot
  std::atomic<bool> stopping_{false};
  std::atomic<bool> has_new_options_{false};
  std::mutex mutex_;
  std::optional<config::TcpOptions> new_options_;  // guarded by mutex_

  metrics::Counters counters_;
  Publisher::Reader reader_;
  TcpCrowd crowd_;
  TcpTurn turn_;
  std::vector<TcpSocket> listeners_;
  std::list<TcpConnection> connections_;
  std::list<TcpConnection> closed_;  // an event of the present round may still name them
  Ready ready_;                      // have queries left, and wait for nothing but their turn
  Clock::time_point next_sweep_;
  std::optional<Clock::time_point> accept_again_;
};

}  // namespace transport
