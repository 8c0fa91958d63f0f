#include "server/http/client.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstring>
#include <exception>

#include "server/posix/sockets.h"

namespace http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

using Message = beast::http::request<beast::http::string_body>;
using Outcome = tl::expected<Reply, beast::error_code>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxReply = 64 * 1024 * 1024;  // octets

tcp::endpoint endpoint_of(const config::ListenAddress& address) {
  const posix::SocketAddress name = posix::to_socket_address(address);
  tcp::endpoint endpoint;
  endpoint.resize(size_of(name));
  std::memcpy(endpoint.data(), &name, size_of(name));
  return endpoint;
}

Reply to_reply(beast::http::response<beast::http::string_body> response) {
  const auto type = response[beast::http::field::content_type];
  return {response.result_int(), {type.data(), type.size()}, std::move(response.body())};
}

asio::awaitable<Outcome> exchange(tcp::endpoint server, const Message& message,
                                  std::chrono::milliseconds timeout) {
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  stream.expires_after(timeout);
  const auto [refused] = co_await stream.async_connect(server, kAwait);
  if (refused) co_return tl::unexpected(refused);
  const auto [unsent, written] = co_await beast::http::async_write(stream, message, kAwait);
  // A server that refuses early has already answered: read on.
  if (unsent == beast::error::timeout) co_return tl::unexpected(unsent);
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(kMaxReply);
  if (message.method() == beast::http::verb::head) parser.skip(true);
  const auto [unread, size] = co_await beast::http::async_read(stream, buffer, parser, kAwait);
  if (unread) co_return tl::unexpected(unread);
  co_return to_reply(parser.release());
}

}  // namespace

tl::expected<Reply, std::string> request(std::string_view method,
                                         const config::ListenAddress& server,
                                         std::string_view target, std::chrono::milliseconds timeout,
                                         std::string body, const Headers& headers) {
  const std::string who = "server at " + server.to_text();
  try {
    Message message;
    message.version(11);
    message.method_string({method.data(), method.size()});
    message.target({target.data(), target.size()});
    message.set(beast::http::field::host, server.to_text());
    message.set(beast::http::field::connection, "close");
    for (const auto& [name, value] : headers) message.set(name, value);
    message.body() = std::move(body);
    message.prepare_payload();

    asio::io_context io(1);
    Outcome outcome = tl::unexpected(beast::error_code{});
    asio::co_spawn(io, exchange(endpoint_of(server), message, timeout),
                   [&outcome](const std::exception_ptr& thrown, Outcome result) {
                     if (thrown) std::rethrow_exception(thrown);
                     outcome = std::move(result);
                   });
    io.run();
    if (outcome) return std::move(*outcome);
    if (outcome.error() == beast::error::timeout) {
      return tl::unexpected("the " + who + " did not answer in time");
    }
    return tl::unexpected("cannot reach the " + who + ": " + outcome.error().message());
  } catch (const std::exception& error) {
    return tl::unexpected("cannot ask the " + who + ": " + error.what());
  }
}

}  // namespace http
