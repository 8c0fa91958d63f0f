#include "server/tcp_listener.h"

#include <netinet/tcp.h>
#include <pthread.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <exception>
#include <functional>
#include <thread>

#include "server/sockets.h"
#include "server/tcp_connection.h"

namespace server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds kAcceptPause{100};  // after an error such as EMFILE
constexpr int kUserTimeout = 5'000;        // ms for the kernel to deliver what we wrote, RFC 5482

config::ListenAddress peer_of(const tcp::endpoint& endpoint) noexcept {
  SocketAddress name{};
  std::memcpy(&name, endpoint.data(), std::min(endpoint.size(), sizeof name));
  return from_socket_address(name);
}

// How often deadlines are looked at: often enough that a limit is exceeded by a quarter at most.
milliseconds sweep_period(const TcpOptions& options) {
  const milliseconds shortest = std::min({options.idle, options.message, options.stall});
  return std::clamp(shortest / 4, milliseconds{5}, milliseconds{250});
}

}  // namespace

struct TcpListener::State {
  State(Publisher& publisher, std::uint64_t seed, const TcpOptions& limits)
      : scratch(seed),
        reader(publisher, [this] { asio::post(io, [this] { reader.refresh(); }); }),
        service{reader, scratch, counters, limits} {}

  void accept_all(std::vector<FileDescriptor> sockets);
  void admit(tcp::socket socket, const config::ListenAddress& peer);
  bool make_room(const dnswire::IpAddress& group);
  bool evict(const dnswire::IpAddress* group);
  void schedule_sweep();
  void sweep();
  void close_all();

  asio::io_context io{1};
  std::thread thread;
  Counters counters;
  answer::Scratch scratch;
  Publisher::Reader reader;
  TcpService service;
  std::vector<std::shared_ptr<TcpConnection>> connections;
  std::vector<std::shared_ptr<tcp::acceptor>> acceptors;
  asio::steady_timer sweeper{io};
  bool sweeping = false;
  bool closed = false;
};

namespace {

asio::awaitable<void> accept_loop(
    std::shared_ptr<tcp::acceptor> acceptor,
    std::function<void(tcp::socket, const config::ListenAddress&)> admit) {
  asio::steady_timer pause(acceptor->get_executor());
  while (acceptor->is_open()) {
    tcp::endpoint from;
    auto [error, socket] = co_await acceptor->async_accept(from, kAwait);
    if (!error) {
      try {
        admit(std::move(socket), peer_of(from));
      } catch (const std::exception&) {
        // Out of memory for this client; the next one may find some.
      }
    } else if (acceptor->is_open()) {
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kAwait);
    }
  }
}

}  // namespace

void TcpListener::State::accept_all(std::vector<FileDescriptor> sockets) {
  for (FileDescriptor& socket : sockets) {
    const bool v4 = bound_address(socket).address.family() == dnswire::Family::V4;
    auto acceptor = std::make_shared<tcp::acceptor>(io);
    acceptor->assign(v4 ? tcp::v4() : tcp::v6(), socket.get());
    static_cast<void>(socket.release());
    acceptors.push_back(acceptor);
    asio::co_spawn(io,
                   accept_loop(acceptor,
                               [this](tcp::socket connected, const config::ListenAddress& peer) {
                                 admit(std::move(connected), peer);
                               }),
                   [](const std::exception_ptr&) {});
  }
}

void TcpListener::State::admit(tcp::socket socket, const config::ListenAddress& peer) {
  boost::system::error_code ignored;
  if (closed) return;
  if (!make_room(client_group(peer.address))) {
    counters.tcp_refused.add();
    return;  // the socket closes with its owner
  }
  counters.tcp_accepted.add();
  socket.non_blocking(true, ignored);
  socket.set_option(tcp::no_delay(true), ignored);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeout,
               sizeof kUserTimeout);
  auto connection = std::make_shared<TcpConnection>(std::move(socket), peer);
  connection->enter(TcpConnection::Phase::Idle, service.options.idle);
  connections.push_back(connection);
  // A client that runs us out of memory ends its own connection only.
  asio::co_spawn(io, serve(connection, service), [this, connection](const std::exception_ptr&) {
    boost::system::error_code error;
    connection->socket.close(error);
    std::erase(connections, connection);
  });
  schedule_sweep();
}

// The limit for one address first, so that a greedy client displaces itself and no one else.
bool TcpListener::State::make_room(const dnswire::IpAddress& group) {
  const auto same = [&group](const auto& connection) { return connection->group == group; };
  const auto siblings = static_cast<std::size_t>(std::ranges::count_if(connections, same));
  if (siblings >= service.options.max_per_address) return evict(&group);
  if (connections.size() >= service.options.max_clients) return evict(nullptr);
  return true;
}

// Closes the connection that has been idle longest, of `group` if there is one. False: none is
// idle.
bool TcpListener::State::evict(const dnswire::IpAddress* group) {
  std::shared_ptr<TcpConnection> longest;
  for (const auto& connection : connections) {
    if (connection->phase != TcpConnection::Phase::Idle || !connection->socket.is_open()) continue;
    if (group != nullptr && connection->group != *group) continue;
    if (!longest || connection->since < longest->since) longest = connection;
  }
  if (!longest) return false;
  boost::system::error_code ignored;
  counters.tcp_evicted.add();
  longest->socket.close(ignored);
  std::erase(connections, longest);
  return true;
}

void TcpListener::State::schedule_sweep() {
  if (sweeping || connections.empty() || closed) return;
  sweeping = true;
  sweeper.expires_after(sweep_period(service.options));
  sweeper.async_wait([this](const boost::system::error_code& error) {
    sweeping = false;
    if (error) return;
    sweep();
    schedule_sweep();
  });
}

void TcpListener::State::sweep() {
  const auto now = TcpConnection::Clock::now();
  boost::system::error_code ignored;
  for (const auto& connection : connections) {
    if (now < connection->deadline || !connection->socket.is_open()) continue;
    counters.tcp_timed_out.add();
    connection->socket.close(ignored);  // its coroutine ends with an error
  }
}

void TcpListener::State::close_all() {
  boost::system::error_code ignored;
  closed = true;
  for (const auto& acceptor : acceptors) acceptor->close(ignored);
  for (const auto& connection : connections) connection->socket.close(ignored);
  sweeper.cancel();
}

TcpListener::TcpListener(std::vector<FileDescriptor> sockets, Publisher& publisher,
                         std::uint64_t seed, const TcpOptions& options)
    : state_(std::make_unique<State>(publisher, seed, options)) {
  state_->accept_all(std::move(sockets));
  state_->thread = std::thread([state = state_.get()] {
    ::pthread_setname_np(::pthread_self(), "tcp");
    state->io.run();
  });
}

TcpListener::~TcpListener() { stop(); }

void TcpListener::stop() {
  if (!state_->thread.joinable()) return;
  asio::post(state_->io, [state = state_.get()] { state->close_all(); });
  state_->thread.join();
}

const Counters& TcpListener::counters() const noexcept { return state_->counters; }

}  // namespace server
