#include "tests/server/hooks/web_service.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl.hpp>

namespace hooks {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace

bool run_until(asio::io_context& io, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    io.restart();
    io.run_one_for(std::chrono::milliseconds(20));
  }
  return true;
}

void run_for(asio::io_context& io, std::chrono::milliseconds time) {
  io.restart();
  io.run_for(time);
}

WebService::WebService(asio::io_context& io, std::shared_ptr<asio::ssl::context> tls)
    : io_(io),
      tls_(std::move(tls)),
      acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()) {
  asio::co_spawn(io, accept(this), asio::detached);
}

std::string WebService::url(const std::string& host) const {
  return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_) + "/events";
}

void WebService::turn_off() { acceptor_.close(); }

asio::awaitable<void> WebService::accept(WebService* self) {
  for (;;) {
    auto [error, socket] = co_await self->acceptor_.async_accept(kAwait);
    if (error) co_return;
    asio::co_spawn(self->io_, serve(self, std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> WebService::serve(WebService* self, tcp::socket socket) {
  ++self->open;
  self->most_open = std::max(self->most_open, self->open);
  if (self->tls_) {
    asio::ssl::stream<tcp::socket> stream(std::move(socket), *self->tls_);
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kAwait);
    if (!error) co_await perform(self, stream);
  } else {
    co_await perform(self, socket);
  }
  --self->open;
}

template <typename Stream>
asio::awaitable<void> WebService::perform(WebService* self, Stream& stream) {
  boost::beast::flat_buffer buffer;
  Message message;
  const auto [unread, size] = co_await http::async_read(stream, buffer, message, kAwait);
  if (unread) co_return;
  self->requests.push_back(std::move(message));
  unsigned status = 204;
  if (!self->answers.empty()) {
    status = self->answers.front();
    self->answers.pop_front();
  }
  if (status == kHang) {
    std::array<char, 64> octets{};
    co_await stream.async_read_some(asio::buffer(octets), kAwait);
    co_return;
  }
  http::response<http::empty_body> reply(static_cast<http::status>(status), 11);
  if (status / 100 == 3) reply.set(http::field::location, self->url());
  reply.prepare_payload();
  co_await http::async_write(stream, reply, kAwait);
}

}  // namespace hooks
