#include "server/transport/tcp_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <new>
#include <system_error>
#include <utility>

#include "server/posix/sockets.h"
#include "server/posix/unix_time.h"

namespace transport {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kEvents = 256;
constexpr int kAcceptsAtOnce = 64;         // then it is the turn of those who are here
constexpr milliseconds kAcceptPause{100};  // after an error such as EMFILE

posix::FileDescriptor checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return posix::FileDescriptor{fd};
}

// How often deadlines are looked at: often enough that a limit is exceeded by a quarter at most.
milliseconds sweep_period(const config::TcpOptions& options) {
  const milliseconds shortest = std::min({options.idle, options.message, options.stall});
  return std::clamp(shortest / 4, milliseconds{5}, milliseconds{250});
}

// Whether accept() failed because of that one client, and may be tried again: accept(2).
bool concerns_one_client(int error) noexcept {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPERM:
    case EPROTO:
    case ENOPROTOOPT:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
    case EOPNOTSUPP:
      return true;
    default:
      return false;
  }
}

}  // namespace

TcpLoop::TcpLoop(std::vector<posix::FileDescriptor> sockets, Publisher& publisher,
                 std::uint64_t seed, const config::TcpOptions& options)
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      event_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      reader_(publisher, [this] { wake(); }),
      turn_(reader_, seed, counters_, crowd_, options) {
  for (posix::FileDescriptor& socket : sockets) listeners_.push_back({std::move(socket), true});
  bool watched = true;
  for (TcpSocket& listener : listeners_) {
    watched = watched && await(listener, EPOLLIN, EPOLL_CTL_ADD);
  }
  epoll_event event{};
  event.events = EPOLLIN;  // and no socket: data is null
  watched = watched && ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, event_.get(), &event) == 0;
  if (!watched) throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void TcpLoop::stop() {
  stopping_.store(true, std::memory_order_release);
  wake();
}

void TcpLoop::set_options(const config::TcpOptions& options) {
  {
    const std::lock_guard lock(mutex_);
    new_options_ = options;
  }
  has_new_options_.store(true, std::memory_order_release);
  wake();
}

void TcpLoop::wake() const noexcept {
  constexpr std::uint64_t kOne = 1;
  // Fails only when the counter is full, and then the thread is about to wake anyway.
  [[maybe_unused]] const auto size = ::write(event_.get(), &kOne, sizeof kOne);
}

void TcpLoop::run() {
  std::array<epoll_event, kEvents> events;
  take_time();
  while (!stopping_.load(std::memory_order_acquire)) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), kEvents, patience());
    take_time();
    for (int i = 0; i < count; ++i) {
      handle(static_cast<TcpSocket*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
    serve_ready();
    if (turn_.now() >= next_sweep_) sweep();
    if (accept_again_ && turn_.now() >= *accept_again_) {
      accept_again_.reset();
      listen_for(EPOLLIN);
    }
    closed_.clear();
  }
  close_all();
}

void TcpLoop::take_time() { turn_.set_time(Clock::now(), posix::unix_now()); }

// How long there is nothing to do unless something happens, as epoll_wait() takes it.
int TcpLoop::patience() const {
  if (!ready_.empty()) return 0;
  std::optional<Clock::time_point> until = accept_again_;
  if (crowd_.size() != 0) until = std::min(until.value_or(next_sweep_), next_sweep_);
  if (!until) return -1;
  const auto rest = std::chrono::ceil<milliseconds>(*until - turn_.now());
  return static_cast<int>(std::max(rest, milliseconds{0}).count());
}

void TcpLoop::handle(TcpSocket* socket) {
  if (socket == nullptr) return take_messages();
  if (socket->listens) return accept_from(*socket);
  auto& connection = static_cast<TcpConnection&>(*socket);
  if (connection.fd && !connection.among_ready.is_linked()) serve(connection);
}

void TcpLoop::take_messages() {
  std::uint64_t count = 0;
  // First: a message after it is a new event. Fails only when there is nothing to clear.
  [[maybe_unused]] const auto size = ::read(event_.get(), &count, sizeof count);
  reader_.refresh();  // with nothing to answer, too: let go of the old Snapshot
  take_options();
}

void TcpLoop::take_options() {
  if (!has_new_options_.load(std::memory_order_acquire)) return;
  has_new_options_.store(false, std::memory_order_relaxed);
  std::optional<config::TcpOptions> options;
  {
    const std::lock_guard lock(mutex_);
    options = std::exchange(new_options_, std::nullopt);
  }
  if (!options) return;
  turn_.set_options(*options);
  next_sweep_ = turn_.now();
}

// One turn for each: who still has queries comes again after all others.
void TcpLoop::serve_ready() {
  Ready now;
  now.swap(ready_);
  while (!now.empty()) {
    TcpConnection& connection = now.front();
    now.pop_front();
    serve(connection);
  }
}

// A client that runs us out of memory ends its own connection only.
void TcpLoop::serve(TcpConnection& connection) {
  TcpWait wait = TcpWait::Nothing;
  try {
    wait = turn_.serve(connection);
  } catch (const std::bad_alloc&) {
    return close(connection);
  }
  if (wait == TcpWait::Nothing) return close(connection);
  if (wait == TcpWait::Turn) return ready_.push_back(connection);
  const std::uint32_t events = wait == TcpWait::Input ? EPOLLIN : EPOLLOUT;
  if (connection.awaited == events) return;
  const int operation = connection.awaited == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  connection.awaited = events;
  if (!await(connection, events, operation)) close(connection);
}

bool TcpLoop::await(TcpSocket& socket, std::uint32_t events, int operation) const noexcept {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &socket;
  return ::epoll_ctl(epoll_.get(), operation, socket.fd.get(), &event) == 0;
}

void TcpLoop::close(TcpConnection& connection) noexcept {
  crowd_.remove(connection);
  connection.among_ready.unlink();
  connection.fd = {};
  closed_.splice(closed_.end(), connections_, connection.self);
}

void TcpLoop::close_all() noexcept {
  listeners_.clear();
  while (!connections_.empty()) close(connections_.front());
  closed_.clear();
}

void TcpLoop::accept_from(const TcpSocket& listener) {
  bool scarce = false;
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    posix::SocketAddress name{};
    socklen_t size = sizeof name;
    posix::FileDescriptor socket{
        ::accept4(listener.fd.get(), &name.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (socket) {
      admit(std::move(socket), posix::from_socket_address(name));
      if (scarce) return;  // the next would cost someone else his place, and may not be there
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return;
    if (concerns_one_client(errno)) continue;
    // Mostly out of descriptors: a client that makes no progress gives its own.
    counters_.tcp_accept_failed.add();
    scarce = true;
    if (evict(crowd_.stalest())) continue;
    listen_for(0);
    accept_again_ = turn_.now() + kAcceptPause;
    return;
  }
}

void TcpLoop::admit(posix::FileDescriptor socket, const config::ListenAddress& peer) {
  try {
    connections_.emplace_back(std::move(socket), peer);
  } catch (const std::bad_alloc&) {
    return;  // for this client; the next one may find some
  }
  TcpConnection& connection = connections_.back();
  connection.self = std::prev(connections_.end());
  take_options();  // this may be the first accept after they were set
  make_room(connection.group);
  try {
    crowd_.add(connection);
  } catch (const std::bad_alloc&) {
    return close(connection);
  }
  counters_.tcp_accepted.add();
  turn_.welcome(connection);
  serve(connection);  // its first query is there mostly: TCP_DEFER_ACCEPT
}

// The limit for one address first, so that a greedy client displaces itself and no one else. More
// than one has to go only where a reload has lowered a limit.
void TcpLoop::make_room(const dnswire::IpAddress& group) {
  while (crowd_.size_of(group) >= turn_.options().max_per_address) {
    if (!evict(crowd_.stalest_of(group))) break;
  }
  while (crowd_.size() >= turn_.options().max_clients) {
    if (!evict(crowd_.stalest())) break;
  }
}

bool TcpLoop::evict(TcpConnection* connection) {
  if (connection == nullptr) return false;
  counters_.tcp_evicted.add();
  close(*connection);
  return true;
}

// `events`: EPOLLIN, or 0 to accept nobody.
void TcpLoop::listen_for(std::uint32_t events) noexcept {
  for (TcpSocket& listener : listeners_) await(listener, events, EPOLL_CTL_MOD);
}

void TcpLoop::sweep() {
  crowd_.for_each([this](TcpConnection& connection) {
    if (turn_.now() < connection.deadline) return;
    counters_.tcp_timed_out.add();
    close(connection);
  });
  next_sweep_ = turn_.now() + sweep_period(turn_.options());
}

}  // namespace transport
