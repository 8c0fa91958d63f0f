#include "server/http_server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "server/http_guard.h"
#include "server/sockets.h"

namespace server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

struct HttpServer::State {
  asio::io_context& io;
  Handler handler;
  HttpOptions options;
  tcp::acceptor acceptor;
  bool closed = false;
  std::size_t refusing = 0;  // connections over the limit that are being told so
  std::vector<std::shared_ptr<beast::tcp_stream>> streams;

  State(asio::io_context& context, Handler function, const HttpOptions& limits)
      : io(context), handler(std::move(function)), options(limits), acceptor(context) {}

  static asio::awaitable<void> accept_loop(std::shared_ptr<State> state);
  static asio::awaitable<void> serve(std::shared_ptr<State> state,
                                     std::shared_ptr<beast::tcp_stream> stream);
  static asio::awaitable<void> refuse(std::shared_ptr<State> state,
                                      std::shared_ptr<beast::tcp_stream> stream);
  static asio::awaitable<HttpReply> answer(std::shared_ptr<State> state,
                                           const HttpRequest& request);
  static void admit(const std::shared_ptr<State>& state, tcp::socket socket);
};

namespace {

using Stream = std::shared_ptr<beast::tcp_stream>;
using Message = http::request<http::string_body>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kAcceptPause{100};  // after an error such as EMFILE
constexpr std::chrono::milliseconds kLinger{1'000};
constexpr std::size_t kFirstRead = 2048;

HttpReply plain(unsigned status, std::string_view text) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::string(text) + "\n";
  return reply;
}

// One request's wait for its reply; touched by the io_context's thread only.
struct Waiting {
  explicit Waiting(asio::io_context& io) : bell(io) {}
  asio::steady_timer bell;
  std::optional<HttpReply> reply;
};

// What the copies of a Respond share.
class Promise {
 public:
  Promise(asio::io_context& io, std::shared_ptr<Waiting> waiting)
      : io_(io), waiting_(std::move(waiting)) {}
  ~Promise() { deliver(plain(500, "the server did not answer")); }
  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;

  void deliver(HttpReply reply) {
    asio::post(io_, [waiting = waiting_, reply = std::move(reply)]() mutable {
      if (waiting->reply) return;
      waiting->reply = std::move(reply);
      waiting->bell.cancel();
    });
  }

 private:
  asio::io_context& io_;
  std::shared_ptr<Waiting> waiting_;
};

std::string header_of(const Message& message, http::field name) {
  const auto value = message[name];
  return {value.data(), value.size()};
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// The request, or the reply that refuses it.
std::optional<HttpReply> refusal(const Message& message, bool any_host, HttpRequest& request) {
  const std::size_t hosts = message.count(http::field::host);
  if (hosts > 1) return plain(400, "two Host headers (RFC 9112 3.2)");
  if (any_host && hosts == 0 && message.version() >= 11) {
    return plain(400, "no Host header (RFC 9112 3.2)");
  }
  if (!any_host && !is_trusted_host(view(message[http::field::host]))) {
    return plain(403, "use an IP address or localhost to reach this server");
  }
  const std::string_view method = view(message.method_string());
  if (changes_state(method) && message.count(http::field::origin) != 0) {
    return plain(403, "a web page of another site must not change anything here");
  }
  auto target = parse_target(view(message.target()));
  if (!target) return plain(400, "malformed request target");
  request.method = method == "HEAD" ? "GET" : std::string(method);
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.body = message.body();
  request.authorization = header_of(message, http::field::authorization);
  request.content_type = header_of(message, http::field::content_type);
  request.accept = header_of(message, http::field::accept);
  return std::nullopt;
}

unsigned status_of(const beast::error_code& error) noexcept {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  return 400;
}

// Whether a reply makes sense, or the client has gone or kept us waiting.
bool is_protocol_error(const beast::error_code& error) noexcept {
  return error.category() == http::make_error_code(http::error::bad_value).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

asio::awaitable<bool> write(Stream stream, HttpReply reply, bool head, bool keep_alive,
                            std::chrono::milliseconds limit) {
  http::response<http::string_body> response(static_cast<http::status>(reply.status), 11);
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("X-Frame-Options", "DENY");
  response.keep_alive(keep_alive);
  if (reply.status != 204) {  // RFC 9110 8.6: no length, for there is nothing to be long
    response.set(http::field::content_type, reply.content_type);
    response.content_length(reply.body.size());
    if (!head) response.body() = std::move(reply.body);
  }
  http::response_serializer<http::string_body> serializer(response);
  stream->expires_after(limit);
  const auto [error, size] = co_await http::async_write(*stream, serializer, kAwait);
  co_return !error;
}

// Ends a connection whose client may still be sending. Closing at once would make the kernel reset
// it, and the client might lose the reply it has not read yet. RFC 9112 9.6.
asio::awaitable<void> linger(Stream stream) {
  beast::error_code ignored;
  stream->socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream->expires_after(kLinger);
  std::array<char, kFirstRead> waste;
  for (;;) {
    const auto [error, size] = co_await stream->async_read_some(asio::buffer(waste), kAwait);
    if (error) co_return;
  }
}

// Waits for the first octets of a request, apart from its own time limit.
asio::awaitable<bool> wait_for_request(Stream stream, beast::flat_buffer& buffer,
                                       std::chrono::milliseconds limit) {
  if (buffer.size() > 0) co_return true;
  stream->expires_after(limit);
  const auto [error, size] = co_await stream->async_read_some(buffer.prepare(kFirstRead), kAwait);
  if (error) co_return false;
  buffer.commit(size);
  co_return true;
}

}  // namespace

asio::awaitable<HttpReply> HttpServer::State::answer(std::shared_ptr<State> state,
                                                     const HttpRequest& request) {
  const auto waiting = std::make_shared<Waiting>(state->io);
  auto promise = std::make_shared<Promise>(state->io, waiting);
  Respond respond = [promise](HttpReply reply) { promise->deliver(std::move(reply)); };
  promise.reset();
  try {
    state->handler(request, std::move(respond));
  } catch (const std::exception&) {
    co_return plain(500, "internal error");
  }
  waiting->bell.expires_after(state->options.answer);
  co_await waiting->bell.async_wait(kAwait);
  if (!waiting->reply) waiting->reply = plain(504, "the server took too long");
  co_return std::move(*waiting->reply);
}

asio::awaitable<void> HttpServer::State::serve(std::shared_ptr<State> state, Stream stream) {
  const HttpOptions options = state->options;
  beast::flat_buffer buffer(options.max_header + options.max_body);
  while (!state->closed) {
    const bool begun = co_await wait_for_request(stream, buffer, options.idle);
    if (!begun) co_return;
    http::request_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(options.max_header));
    parser.body_limit(options.max_body);
    stream->expires_after(options.request);
    const auto [error, size] = co_await http::async_read(*stream, buffer, parser, kAwait);
    if (error && !is_protocol_error(error)) co_return;
    if (error) {
      HttpReply reply = plain(status_of(error), "malformed or too large");
      co_await write(stream, std::move(reply), false, false, options.idle);
      co_return co_await linger(stream);
    }
    if (state->closed) co_return;
    const Message message = parser.release();
    HttpRequest request;
    std::optional<HttpReply> reply = refusal(message, options.any_host, request);
    if (!reply) {
      stream->expires_never();
      reply = co_await answer(state, request);
    }
    const bool keep_alive = message.keep_alive();
    const bool head = message.method() == http::verb::head;
    const bool written = co_await write(stream, std::move(*reply), head, keep_alive, options.idle);
    if (!written) co_return;
    if (!keep_alive) co_return co_await linger(stream);
  }
}

asio::awaitable<void> HttpServer::State::refuse(std::shared_ptr<State> state, Stream stream) {
  HttpReply reply = plain(503, "too many connections");
  const bool written = co_await write(stream, std::move(reply), false, false, state->options.idle);
  if (written) co_await linger(stream);
}

void HttpServer::State::admit(const std::shared_ptr<State>& state, tcp::socket socket) {
  auto stream = std::make_shared<beast::tcp_stream>(std::move(socket));
  const bool full = state->streams.size() - state->refusing >= state->options.max_connections;
  // Those who are told so are as limited in number as those who are served.
  if (full && state->refusing >= state->options.max_connections) return;
  state->streams.push_back(stream);
  if (full) ++state->refusing;
  auto work = full ? refuse(state, stream) : serve(state, stream);
  asio::co_spawn(state->io, std::move(work), [state, stream, full](const std::exception_ptr&) {
    stream->close();
    std::erase(state->streams, stream);
    if (full) --state->refusing;
  });
}

asio::awaitable<void> HttpServer::State::accept_loop(std::shared_ptr<State> state) {
  asio::steady_timer pause(state->io);
  while (!state->closed) {
    auto [error, socket] = co_await state->acceptor.async_accept(kAwait);
    if (state->closed) co_return;
    if (!error) {
      try {
        admit(state, std::move(socket));
      } catch (const std::exception&) {
        // Out of memory for this client; the next one may find some.
      }
    } else {
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kAwait);
    }
  }
}

HttpServer::HttpServer(asio::io_context& io, FileDescriptor socket, Handler handler,
                       const HttpOptions& options)
    : state_(std::make_shared<State>(io, std::move(handler), options)) {
  const bool v4 = bound_address(socket).address.family() == dnswire::Family::V4;
  state_->acceptor.assign(v4 ? tcp::v4() : tcp::v6(), socket.get());
  static_cast<void>(socket.release());
  asio::co_spawn(io, State::accept_loop(state_), [](const std::exception_ptr&) {});
}

HttpServer::~HttpServer() { close(); }

void HttpServer::close() {
  state_->closed = true;
  beast::error_code ignored;
  state_->acceptor.close(ignored);
  for (const auto& stream : state_->streams) stream->close();
}

}  // namespace server
