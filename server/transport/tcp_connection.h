// One DNS client on a TCP connection. For tcp_listener.cc; shows Asio.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "server/config/listen_address.h"
#include "server/metrics/counters.h"
#include "server/transport/publisher.h"
#include "server/transport/tcp_listener.h"

namespace transport {

class TcpCrowd;

// What the connections of a listener share; all of it belongs to its thread.
struct TcpService {
  Publisher::Reader& reader;
  answer::Scratch& scratch;
  metrics::Counters& counters;
  TcpCrowd& crowd;
  config::TcpOptions options;
};

// Its progress is a whole query that came in or a reply that went out, and at first its accept: a
// client that only takes up room makes none, whatever it sends.
struct TcpConnection {
  using Clock = std::chrono::steady_clock;
  enum class Phase : std::uint8_t { Idle, Receiving, Sending };

  TcpConnection(boost::asio::ip::tcp::socket connected, const config::ListenAddress& from);

  void enter(Phase next, std::chrono::milliseconds limit);
  void shrink();  // an idle client keeps little memory.   Requires: nothing filled, nothing to send

  boost::asio::ip::tcp::socket socket;
  dnswire::IpAddress peer;
  dnswire::IpAddress group;  // whose share of the limit it counts against
  Phase phase = Phase::Idle;
  Clock::time_point deadline;       // the listener closes it then
  std::vector<std::uint8_t> input;  // octets [0, filled) are of queries not yet answered
  std::size_t filled = 0;
  std::vector<std::uint8_t> output;                // framed replies
  boost::intrusive::list_member_hook<> among_all;  // for the crowd
  boost::intrusive::list_member_hook<> among_group;
};

// Serves until either side closes or the socket is closed from outside.
boost::asio::awaitable<void> serve(std::shared_ptr<TcpConnection> connection,
                                   const TcpService& service);

}  // namespace transport
