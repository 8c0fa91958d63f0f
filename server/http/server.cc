#include "server/http/server.h"

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
#include <cstring>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "server/http/guard.h"
#include "server/posix/client_group.h"
#include "server/posix/sockets.h"

namespace http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

namespace {

using Stream = std::shared_ptr<beast::tcp_stream>;

// Who is connected. Touched by the io_context's thread only.
struct Connection {
  Stream stream;
  dnswire::IpAddress group;    // whose share of the limit it counts against
  std::uint64_t progress = 0;  // the number of its latest one: the lower, the staler
  bool answering = false;      // its request is complete and waits for its reply
  bool refused = false;        // being told that there is no room
};
using ConnectionPointer = std::shared_ptr<Connection>;

}  // namespace

struct Server::State {
  asio::io_context& io;
  Handler handler;
  Options options;
  tcp::acceptor acceptor;
  bool closed = false;
  std::uint64_t latest = 0;  // progress of any connection
  std::vector<ConnectionPointer> connections;

  State(asio::io_context& context, Handler function, const Options& limits)
      : io(context), handler(std::move(function)), options(limits), acceptor(context) {}

  static asio::awaitable<void> accept_loop(std::shared_ptr<State> state);
  static asio::awaitable<void> serve(std::shared_ptr<State> state, ConnectionPointer connection);
  static asio::awaitable<void> refuse(std::shared_ptr<State> state, Stream stream);
  static asio::awaitable<Reply> answer(std::shared_ptr<State> state, const Request& request);
  static void admit(const std::shared_ptr<State>& state, tcp::socket socket,
                    const dnswire::IpAddress& peer);
  bool make_room(const dnswire::IpAddress& group);
  bool displace(const dnswire::IpAddress* group);
  [[nodiscard]] std::size_t count(bool refused, const dnswire::IpAddress* group = nullptr) const;
};

namespace {

using Message = beast::http::request<beast::http::string_body>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kAcceptPause{100};  // after an error such as EMFILE
constexpr std::chrono::milliseconds kLinger{1'000};
constexpr std::size_t kFirstRead = 2048;

dnswire::IpAddress peer_of(const tcp::endpoint& endpoint) noexcept {
  posix::SocketAddress name{};
  std::memcpy(&name, endpoint.data(), std::min(endpoint.size(), sizeof name));
  return posix::from_socket_address(name).address;
}

Reply plain(unsigned status, std::string_view text) {
  Reply reply;
  reply.status = status;
  reply.body = std::string(text) + "\n";
  return reply;
}

// One request's wait for its reply; touched by the io_context's thread only.
struct Waiting {
  explicit Waiting(asio::io_context& io) : bell(io) {}
  asio::steady_timer bell;
  std::optional<Reply> reply;
};

// What the copies of a Respond share.
class Promise {
 public:
  Promise(asio::io_context& io, std::shared_ptr<Waiting> waiting)
      : io_(io), waiting_(std::move(waiting)) {}
  ~Promise() { deliver(plain(500, "the server did not answer")); }
  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;

  void deliver(Reply reply) {
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

std::string header_of(const Message& message, beast::http::field name) {
  const auto value = message[name];
  return {value.data(), value.size()};
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// The request, or the reply that refuses it.
std::optional<Reply> refusal(const Message& message, bool any_host, Request& request) {
  const std::size_t hosts = message.count(beast::http::field::host);
  if (hosts > 1) return plain(400, "two Host headers (RFC 9112 3.2)");
  if (any_host && hosts == 0 && message.version() >= 11) {
    return plain(400, "no Host header (RFC 9112 3.2)");
  }
  if (!any_host && !is_trusted_host(view(message[beast::http::field::host]))) {
    return plain(403, "use an IP address or localhost to reach this server");
  }
  const std::string_view method = view(message.method_string());
  if (changes_state(method) && message.count(beast::http::field::origin) != 0) {
    return plain(403, "a web page of another site must not change anything here");
  }
  auto target = parse_target(view(message.target()));
  if (!target) return plain(400, "malformed request target");
  request.method = method == "HEAD" ? "GET" : std::string(method);
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.body = message.body();
  request.authorization = header_of(message, beast::http::field::authorization);
  request.content_type = header_of(message, beast::http::field::content_type);
  request.accept = header_of(message, beast::http::field::accept);
  return std::nullopt;
}

unsigned status_of(const beast::error_code& error) noexcept {
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow)
    return 431;
  if (error == beast::http::error::body_limit) return 413;
  return 400;
}

// Whether a reply makes sense, or the client has gone or kept us waiting.
bool is_protocol_error(const beast::error_code& error) noexcept {
  return error.category() ==
             beast::http::make_error_code(beast::http::error::bad_value).category() &&
         error != beast::http::error::end_of_stream && error != beast::http::error::partial_message;
}

asio::awaitable<bool> write(Stream stream, Reply reply, bool head, bool keep_alive,
                            std::chrono::milliseconds limit) {
  beast::http::response<beast::http::string_body> response(
      static_cast<beast::http::status>(reply.status), 11);
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  response.set(beast::http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("X-Frame-Options", "DENY");
  response.keep_alive(keep_alive);
  if (reply.status != 204) {  // RFC 9110 8.6: no length, for there is nothing to be long
    response.set(beast::http::field::content_type, reply.content_type);
    response.content_length(reply.body.size());
    if (!head) response.body() = std::move(reply.body);
  }
  beast::http::response_serializer<beast::http::string_body> serializer(response);
  stream->expires_after(limit);
  const auto [error, size] = co_await beast::http::async_write(*stream, serializer, kAwait);
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

asio::awaitable<Reply> Server::State::answer(std::shared_ptr<State> state, const Request& request) {
  const auto waiting = std::make_shared<Waiting>(state->io);
  auto promise = std::make_shared<Promise>(state->io, waiting);
  Respond respond = [promise](Reply reply) { promise->deliver(std::move(reply)); };
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

asio::awaitable<void> Server::State::serve(std::shared_ptr<State> state,
                                           ConnectionPointer connection) {
  const Options options = state->options;
  const Stream stream = connection->stream;
  beast::flat_buffer buffer(options.max_header + options.max_body);
  while (!state->closed) {
    const bool begun = co_await wait_for_request(stream, buffer, options.idle);
    if (!begun) co_return;
    beast::http::request_parser<beast::http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(options.max_header));
    parser.body_limit(options.max_body);
    stream->expires_after(options.request);
    const auto [error, size] = co_await beast::http::async_read(*stream, buffer, parser, kAwait);
    if (error && !is_protocol_error(error)) co_return;
    if (error) {
      Reply reply = plain(status_of(error), "malformed or too large");
      co_await write(stream, std::move(reply), false, false, options.idle);
      co_return co_await linger(stream);
    }
    // Displaced after its last octet came in: it hears nothing, so nothing is done for it.
    if (state->closed || !stream->socket().is_open()) co_return;
    connection->answering = true;
    const Message message = parser.release();
    Request request;
    std::optional<Reply> reply = refusal(message, options.any_host, request);
    if (!reply) {
      stream->expires_never();
      reply = co_await answer(state, request);
    }
    connection->answering = false;
    connection->progress = ++state->latest;
    const bool keep_alive = message.keep_alive();
    const bool head = message.method() == beast::http::verb::head;
    const bool written = co_await write(stream, std::move(*reply), head, keep_alive, options.idle);
    if (!written) co_return;
    if (!keep_alive) co_return co_await linger(stream);
  }
}

asio::awaitable<void> Server::State::refuse(std::shared_ptr<State> state, Stream stream) {
  Reply reply = plain(503, "too many connections");
  const bool written = co_await write(stream, std::move(reply), false, false, state->options.idle);
  if (written) co_await linger(stream);
}

std::size_t Server::State::count(bool refused, const dnswire::IpAddress* group) const {
  return static_cast<std::size_t>(std::ranges::count_if(connections, [&](const auto& connection) {
    return connection->refused == refused && (group == nullptr || connection->group == *group);
  }));
}

// Closes the stalest connection, of all or of a group. False: there is none that may go.
bool Server::State::displace(const dnswire::IpAddress* group) {
  auto stalest = connections.end();
  for (auto it = connections.begin(); it != connections.end(); ++it) {
    const Connection& candidate = **it;
    if (candidate.answering || candidate.refused) continue;
    if (group != nullptr && candidate.group != *group) continue;
    if (stalest == connections.end() || candidate.progress < (*stalest)->progress) stalest = it;
  }
  if (stalest == connections.end()) return false;
  (*stalest)->stream->close();  // its coroutine ends with an error
  connections.erase(stalest);
  return true;
}

// The limit for one address first, so that a greedy client displaces itself and no one else.
bool Server::State::make_room(const dnswire::IpAddress& group) {
  if (options.max_per_address > 0 && count(false, &group) >= options.max_per_address) {
    return displace(&group);
  }
  return count(false) < options.max_connections || displace(nullptr);
}

void Server::State::admit(const std::shared_ptr<State>& state, tcp::socket socket,
                          const dnswire::IpAddress& peer) {
  const auto connection = std::make_shared<Connection>();
  connection->stream = std::make_shared<beast::tcp_stream>(std::move(socket));
  connection->group = posix::client_group(peer);
  connection->refused = !state->make_room(connection->group);
  connection->progress = ++state->latest;
  // Those who are told so are as limited in number as those who are served.
  if (connection->refused && state->count(true) >= state->options.max_connections) return;
  state->connections.push_back(connection);
  const auto leave = [state, connection](const std::exception_ptr&) {
    connection->stream->close();
    std::erase(state->connections, connection);
  };
  try {
    auto work = connection->refused ? refuse(state, connection->stream) : serve(state, connection);
    asio::co_spawn(state->io, std::move(work), leave);
  } catch (...) {
    leave(nullptr);
    throw;
  }
}

asio::awaitable<void> Server::State::accept_loop(std::shared_ptr<State> state) {
  asio::steady_timer pause(state->io);
  while (!state->closed) {
    tcp::endpoint from;
    auto [error, socket] = co_await state->acceptor.async_accept(from, kAwait);
    if (state->closed) co_return;
    if (!error) {
      try {
        admit(state, std::move(socket), peer_of(from));
      } catch (const std::exception&) {
        // Out of memory for this client; the next one may find some.
      }
    } else if (!state->displace(nullptr)) {  // mostly out of descriptors: the stalest gives its own
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kAwait);
    }
  }
}

Server::Server(asio::io_context& io, posix::FileDescriptor socket, Handler handler,
               const Options& options)
    : state_(std::make_shared<State>(io, std::move(handler), options)) {
  const bool v4 = posix::bound_address(socket).address.family() == dnswire::Family::V4;
  state_->acceptor.assign(v4 ? tcp::v4() : tcp::v6(), socket.get());
  static_cast<void>(socket.release());
  asio::co_spawn(io, State::accept_loop(state_), [](const std::exception_ptr&) {});
}

Server::~Server() { close(); }

void Server::close() {
  state_->closed = true;
  beast::error_code ignored;
  state_->acceptor.close(ignored);
  for (const auto& connection : state_->connections) connection->stream->close();
}

}  // namespace http
