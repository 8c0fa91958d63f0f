#include "datagram_server.h"

#include <boost/asio/buffer.hpp>
#include <utility>

namespace probes {

using boost::asio::ip::udp;
using boost::system::error_code;

DatagramServer::DatagramServer(Respond respond)
    : socket_(io_, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
      respond_(std::move(respond)),
      port_(socket_.local_endpoint().port()) {
  receive();
  thread_ = std::jthread([this] { io_.run(); });
}

DatagramServer::~DatagramServer() {
  io_.stop();
  thread_.join();
}

void DatagramServer::receive() {
  buffer_.resize(65535);
  socket_.async_receive_from(boost::asio::buffer(buffer_), peer_,
                             [this](const error_code& error, std::size_t size) {
                               if (error) return;
                               buffer_.resize(size);
                               for (const Octets& reply : respond_(buffer_, received_++, peer_)) {
                                 error_code ignored;
                                 socket_.send_to(boost::asio::buffer(reply), peer_, 0, ignored);
                               }
                               receive();
                             });
}

}  // namespace probes
