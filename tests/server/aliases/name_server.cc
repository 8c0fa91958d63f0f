#include "name_server.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "dnswire/bytes.h"

namespace aliases {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

struct NameServer::Connection {
  explicit Connection(tcp::socket connected) : socket(std::move(connected)) {}
  tcp::socket socket;
  std::array<std::uint8_t, 2> size{};
  Octets message;
};

NameServer::NameServer(Respond respond)
    : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      socket_(io_),
      respond_(std::move(respond)) {
  // The port is free for TCP; if something else has it for UDP, another one is tried.
  const asio::ip::address loopback = asio::ip::address_v4::loopback();
  socket_.open(udp::v4());
  for (error_code taken;;) {
    socket_.bind({loopback, acceptor_.local_endpoint().port()}, taken);
    if (!taken) break;
    acceptor_ = tcp::acceptor(io_, tcp::endpoint(loopback, 0));
  }
  receive();
  accept();
  thread_ = std::jthread([this] { io_.run(); });
}

NameServer::~NameServer() {
  io_.stop();
  thread_.join();
}

Server NameServer::address() const {
  return {dnswire::IpAddress::from_text("127.0.0.1").value(), socket_.local_endpoint().port(), 0};
}

void NameServer::receive() {
  buffer_.resize(65535);
  socket_.async_receive_from(
      asio::buffer(buffer_), peer_, [this](const error_code& error, std::size_t size) {
        if (error) return;
        buffer_.resize(size);
        for (const Octets& reply : respond_({buffer_, false, asked_++, peer_})) {
          error_code ignored;
          socket_.send_to(asio::buffer(reply), peer_, 0, ignored);
        }
        receive();
      });
}

void NameServer::accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (error) return;
    serve(std::make_shared<Connection>(std::move(socket)));
    accept();
  });
}

// One query; what is sent back goes out at once, for it is little.
void NameServer::serve(const std::shared_ptr<Connection>& connection) {
  asio::async_read(
      connection->socket, asio::buffer(connection->size),
      [this, connection](const error_code& error, std::size_t) {
        if (error) return;
        connection->message.resize(dnswire::load16(connection->size.data()));
        asio::async_read(
            connection->socket, asio::buffer(connection->message),
            [this, connection](const error_code& failed, std::size_t) {
              if (failed) return;
              Octets out;
              for (const Octets& reply : respond_({connection->message, true, asked_++, {}})) {
                out.push_back(static_cast<std::uint8_t>(reply.size() >> 8));
                out.push_back(static_cast<std::uint8_t>(reply.size()));
                out.insert(out.end(), reply.begin(), reply.end());
              }
              error_code ignored;
              asio::write(connection->socket, asio::buffer(out), ignored);
            });
      });
}

}  // namespace aliases
