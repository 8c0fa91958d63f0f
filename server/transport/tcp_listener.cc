#include "server/transport/tcp_listener.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

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

#include "server/posix/sockets.h"
#include "server/transport/tcp_connection.h"
#include "server/transport/tcp_crowd.h"

namespace transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds kAcceptPause{100};  // after an error such as EMFILE
constexpr int kBehindUdp = 5;              // on the scale of nice(2)

config::ListenAddress peer_of(const tcp::endpoint& endpoint) noexcept {
  posix::SocketAddress name{};
  std::memcpy(&name, endpoint.data(), std::min(endpoint.size(), sizeof name));
  return posix::from_socket_address(name);
}

// Where a crowd on TCP and UDP clients want the same core, UDP goes first: on Linux a thread has a
// weight of its own.
void step_behind_udp() noexcept {
  const auto self = static_cast<id_t>(::gettid());
  ::setpriority(PRIO_PROCESS, self, ::getpriority(PRIO_PROCESS, self) + kBehindUdp);
}

// How often deadlines are looked at: often enough that a limit is exceeded by a quarter at most.
milliseconds sweep_period(const config::TcpOptions& options) {
  const milliseconds shortest = std::min({options.idle, options.message, options.stall});
  return std::clamp(shortest / 4, milliseconds{5}, milliseconds{250});
}

}  // namespace

struct TcpListener::State {
  State(Publisher& publisher, std::uint64_t seed, const config::TcpOptions& limits)
      : scratch(seed),
        reader(publisher, [this] { asio::post(io, [this] { reader.refresh(); }); }),
        service{reader, scratch, counters, crowd, limits} {}

  void accept_all(std::vector<posix::FileDescriptor> sockets);
  void admit(tcp::socket socket, const config::ListenAddress& peer);
  void make_room(const dnswire::IpAddress& group);
  bool evict(TcpConnection* connection);
  bool accept_failed();
  void schedule_sweep();
  void sweep();
  void close_all();

  asio::io_context io{1};
  std::thread thread;
  metrics::Counters counters;
  answer::Scratch scratch;
  Publisher::Reader reader;
  TcpCrowd crowd;
  TcpService service;
  std::vector<std::shared_ptr<tcp::acceptor>> acceptors;
  asio::steady_timer sweeper{io};
  bool sweeping = false;
  bool closed = false;
};

namespace {

// What an accept leads to.
struct Accepting {
  std::function<void(tcp::socket, const config::ListenAddress&)> admit;
  std::function<bool()> failed;  // false: try again later
};

asio::awaitable<void> accept_loop(std::shared_ptr<tcp::acceptor> acceptor, Accepting then) {
  asio::steady_timer pause(acceptor->get_executor());
  while (acceptor->is_open()) {
    tcp::endpoint from;
    auto [error, socket] = co_await acceptor->async_accept(from, kAwait);
    if (!error) {
      try {
        then.admit(std::move(socket), peer_of(from));
      } catch (const std::exception&) {
        // Out of memory for this client; the next one may find some.
      }
    } else if (acceptor->is_open() && !then.failed()) {
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kAwait);
    }
  }
}

}  // namespace

void TcpListener::State::accept_all(std::vector<posix::FileDescriptor> sockets) {
  for (posix::FileDescriptor& socket : sockets) {
    const bool v4 = posix::bound_address(socket).address.family() == dnswire::Family::V4;
    auto acceptor = std::make_shared<tcp::acceptor>(io);
    acceptor->assign(v4 ? tcp::v4() : tcp::v6(), socket.get());
    static_cast<void>(socket.release());
    acceptors.push_back(acceptor);
    Accepting then{[this](tcp::socket connected, const config::ListenAddress& peer) {
                     admit(std::move(connected), peer);
                   },
                   [this] { return accept_failed(); }};
    asio::co_spawn(io, accept_loop(acceptor, std::move(then)), [](const std::exception_ptr&) {});
  }
}

void TcpListener::State::admit(tcp::socket socket, const config::ListenAddress& peer) {
  boost::system::error_code ignored;
  if (closed) return;
  socket.non_blocking(true, ignored);
  auto connection = std::make_shared<TcpConnection>(std::move(socket), peer);
  make_room(connection->group);
  counters.tcp_accepted.add();
  connection->enter(TcpConnection::Phase::Idle, service.options.idle);
  crowd.add(*connection);
  // A client that runs us out of memory ends its own connection only.
  const auto leave = [this, connection](const std::exception_ptr&) {
    boost::system::error_code error;
    connection->socket.close(error);
    crowd.remove(*connection);
  };
  try {
    asio::co_spawn(io, serve(connection, service), leave);
  } catch (...) {
    leave(nullptr);
    throw;
  }
  schedule_sweep();
}

// The limit for one address first, so that a greedy client displaces itself and no one else. More
// than one has to go only where a reload has lowered a limit.
void TcpListener::State::make_room(const dnswire::IpAddress& group) {
  while (crowd.size_of(group) >= service.options.max_per_address) {
    if (!evict(crowd.stalest_of(group))) break;
  }
  while (crowd.size() >= service.options.max_clients) {
    if (!evict(crowd.stalest())) break;
  }
}

bool TcpListener::State::evict(TcpConnection* connection) {
  if (connection == nullptr) return false;
  boost::system::error_code ignored;
  counters.tcp_evicted.add();
  connection->socket.close(ignored);  // its coroutine ends with an error
  crowd.remove(*connection);
  return true;
}

// Mostly out of descriptors: a client that makes no progress gives its own.
bool TcpListener::State::accept_failed() {
  counters.tcp_accept_failed.add();
  return evict(crowd.stalest());
}

void TcpListener::State::schedule_sweep() {
  if (sweeping || crowd.size() == 0 || closed) return;
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
  crowd.for_each([&](TcpConnection& connection) {
    if (now < connection.deadline || !connection.socket.is_open()) return;
    counters.tcp_timed_out.add();
    connection.socket.close(ignored);  // its coroutine ends with an error
  });
}

void TcpListener::State::close_all() {
  boost::system::error_code ignored;
  closed = true;
  for (const auto& acceptor : acceptors) acceptor->close(ignored);
  crowd.for_each([&](TcpConnection& connection) { connection.socket.close(ignored); });
  sweeper.cancel();
}

TcpListener::TcpListener(std::vector<posix::FileDescriptor> sockets, Publisher& publisher,
                         std::uint64_t seed, const config::TcpOptions& options)
    : state_(std::make_unique<State>(publisher, seed, options)) {
  state_->accept_all(std::move(sockets));
  state_->thread = std::thread([state = state_.get()] {
    ::pthread_setname_np(::pthread_self(), "tcp");
    step_behind_udp();
    state->io.run();
  });
}

TcpListener::~TcpListener() { stop(); }

void TcpListener::set_options(const config::TcpOptions& options) {
  asio::post(state_->io, [state = state_.get(), options] { state->service.options = options; });
}

void TcpListener::stop() {
  if (!state_->thread.joinable()) return;
  asio::post(state_->io, [state = state_.get()] { state->close_all(); });
  state_->thread.join();
}

const metrics::Counters& TcpListener::counters() const noexcept { return state_->counters; }

}  // namespace transport
