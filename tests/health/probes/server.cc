#include "server.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/packaged_task.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <future>
#include <utility>

namespace probes {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

// Several sockets of this process may be bound to one port.
template <typename Socket>
void share_port(Socket& socket) {
  const int yes = 1;
  setsockopt(socket.native_handle(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
}

template <typename Stream>
void reset(Stream& stream) {
  boost::system::error_code ignored;
  stream.lowest_layer().set_option(asio::socket_base::linger(true, 0), ignored);
  stream.lowest_layer().close(ignored);
}

}  // namespace

Script answer_ok(const std::string& body) {
  return {
      {"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body}};
}

Script answer_status(const std::string& status) {
  return {{"HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n"}};
}

Script octet_by_octet(const std::string& text) {
  Script script;
  for (const char each : text) script.parts.emplace_back(1, each);
  return script;
}

Script say_nothing() { return {{}, Ending::Hold, false}; }

Server::Server(Script script, std::shared_ptr<asio::ssl::context> tls, const std::string& address)
    : tls_(std::move(tls)), holder_(io_), acceptor_(io_), script_(std::move(script)) {
  const tcp::endpoint any(asio::ip::make_address(address), 0);
  holder_.open(any.protocol());
  share_port(holder_);
  holder_.bind(any);
  port_ = holder_.local_endpoint().port();
  listen();
  thread_ = std::jthread([this] {
    const auto work = asio::make_work_guard(io_);
    io_.run();
  });
}

Server::~Server() {
  io_.stop();
  thread_.join();
}

void Server::listen() {
  acceptor_.open(holder_.local_endpoint().protocol());
  share_port(acceptor_);
  acceptor_.bind(holder_.local_endpoint());
  acceptor_.listen(1024);
  asio::co_spawn(io_, accept_clients(this), asio::detached);
}

void Server::play(Script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}

void Server::turn_off() {
  asio::post(io_, std::packaged_task<void()>([this] { acceptor_.close(); })).get();
}

void Server::turn_on() {
  asio::post(io_, std::packaged_task<void()>([this] { listen(); })).get();
}

std::string Server::last_request() const {
  const std::lock_guard lock(mutex_);
  return last_request_;
}

std::string Server::last_server_name() const {
  const std::lock_guard lock(mutex_);
  return last_server_name_;
}

Script Server::script() const {
  const std::lock_guard lock(mutex_);
  return script_;
}

asio::awaitable<void> Server::accept_clients(Server* server) {
  for (;;) {
    auto [error, socket] = co_await server->acceptor_.async_accept(kAsTuple);
    if (error) co_return;
    ++server->accepted_;
    socket.set_option(tcp::no_delay(true), error);
    if (server->tls_) {
      asio::co_spawn(server->io_, serve_tls(server, std::move(socket)), asio::detached);
    } else {
      asio::co_spawn(server->io_, serve(server, std::move(socket)), asio::detached);
    }
  }
}

asio::awaitable<void> Server::serve(Server* server, tcp::socket socket) {
  co_await perform(server, socket);
}

asio::awaitable<void> Server::serve_tls(Server* server, tcp::socket socket) {
  TlsStream stream(std::move(socket), *server->tls_);
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kAsTuple);
  const char* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
  {
    const std::lock_guard lock(server->mutex_);
    server->last_server_name_ = name != nullptr ? name : "";
  }
  if (!error) co_await perform(server, stream);
}

template <typename Stream>
asio::awaitable<void> Server::perform(Server* server, Stream& stream) {
  const Script script = server->script();
  if (script.reads_request) {
    std::string request;
    const auto [error, count] = co_await asio::async_read_until(
        stream, asio::dynamic_buffer(request, 65536), "\r\n\r\n", kAsTuple);
    if (error) co_return;
    const std::lock_guard lock(server->mutex_);
    server->last_request_ = request;
  }
  for (const std::string& part : script.parts) {
    const auto [error, count] = co_await asio::async_write(stream, asio::buffer(part), kAsTuple);
    if (error) co_return;
  }
  if (script.ending == Ending::Reset) reset(stream);
  if (script.ending != Ending::Hold) co_return;
  std::array<char, 1024> octets;
  for (;;) {
    const auto [error, count] = co_await stream.async_read_some(asio::buffer(octets), kAsTuple);
    if (error) co_return;
  }
}

}  // namespace probes
