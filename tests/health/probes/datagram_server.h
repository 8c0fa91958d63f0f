// A UDP server on loopback, on a thread of its own.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace probes {

class DatagramServer {
 public:
  using Octets = std::vector<std::uint8_t>;
  using Endpoint = boost::asio::ip::udp::endpoint;
  // What to send back for the n-th datagram, from 0 on. Called on the thread of the server.
  using Respond =
      std::function<std::vector<Octets>(const Octets& query, int n, const Endpoint& from)>;

  explicit DatagramServer(Respond respond);
  DatagramServer(const DatagramServer&) = delete;
  DatagramServer& operator=(const DatagramServer&) = delete;
  ~DatagramServer();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] int received() const noexcept { return received_; }

 private:
  void receive();

  boost::asio::io_context io_;
  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint peer_;
  Octets buffer_;
  Respond respond_;
  std::uint16_t port_ = 0;
  std::atomic<int> received_ = 0;
  std::jthread thread_;
};

}  // namespace probes
