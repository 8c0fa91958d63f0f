// A name server on loopback, over UDP and TCP at the same port, on a thread of its own.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "reply.h"
#include "server/aliases/resolv_conf.h"

namespace aliases {

class NameServer {
 public:
  struct Asked {
    Octets query;
    bool tcp = false;
    int n = 0;  // counted from 0
    boost::asio::ip::udp::endpoint from;
  };
  // What to send back: datagrams, or over TCP messages, each framed; none: silence, or the end of
  // the connection. Called on the thread of the server.
  using Respond = std::function<std::vector<Octets>(const Asked& asked)>;

  explicit NameServer(Respond respond);
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  ~NameServer();

  [[nodiscard]] Server address() const;
  [[nodiscard]] int asked() const noexcept { return asked_; }

 private:
  struct Connection;

  void receive();
  void accept();
  void serve(const std::shared_ptr<Connection>& connection);

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint peer_;
  Octets buffer_;
  Respond respond_;
  std::atomic<int> asked_ = 0;
  std::jthread thread_;
};

}  // namespace aliases
