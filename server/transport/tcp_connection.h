// One DNS client on a TCP connection. For tcp_loop.cc.
#pragma once

#include <boost/intrusive/list_hook.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

#include "server/config/listen_address.h"
#include "server/posix/file_descriptor.h"

namespace transport {

struct TcpGroup;

// What the loop watches.
struct TcpSocket {
  posix::FileDescriptor fd;  // none: closed
  bool listens = false;
};

// Its progress is a whole query that came in or a reply that went out, and at first its accept: a
// client that only takes up room makes none, whatever it sends. An idle one holds no buffers.
struct TcpConnection : TcpSocket {
  using Clock = std::chrono::steady_clock;
  using AutoUnlink = boost::intrusive::link_mode<boost::intrusive::auto_unlink>;
  enum class Phase : std::uint8_t { Idle, Receiving, Sending };

  TcpConnection(posix::FileDescriptor connected, const config::ListenAddress& from);

  dnswire::IpAddress peer;
  dnswire::IpAddress group;  // whose share of the limit it counts against
  Phase phase = Phase::Idle;
  bool ending = false;              // it is closed once what it is owed is sent
  std::uint32_t awaited = 0;        // events of epoll(7); 0: epoll does not know it
  Clock::time_point deadline;       // it is closed then
  std::vector<std::uint8_t> input;  // octets [0, filled) are of queries not yet answered
  std::size_t filled = 0;
  std::vector<std::uint8_t> output;  // framed replies that the socket did not take; from `sent` on
  std::size_t sent = 0;
  boost::intrusive::list_member_hook<> among_all;  // for the crowd
  boost::intrusive::list_member_hook<> among_group;
  TcpGroup* peers = nullptr;                                   // for the crowd, too
  boost::intrusive::list_member_hook<AutoUnlink> among_ready;  // for the loop
  std::list<TcpConnection>::iterator self;                     // where the loop keeps it
};

}  // namespace transport
