#include "bench/probe_targets.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <string_view>

namespace bench {
namespace {

using posix::FileDescriptor;

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n";
// Marks in epoll's 64 bits, above the descriptor.
constexpr std::uint64_t kListener = std::uint64_t{1} << 32;
constexpr std::uint64_t kAnswered = std::uint64_t{1} << 33;  // a client whose requests are

void add(int epoll, int fd, std::uint64_t mark) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = mark | static_cast<std::uint32_t>(fd);
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

}  // namespace

ProbeTargets::Listener ProbeTargets::bind_free_port() {
  Listener made{FileDescriptor{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)},
                0};
  // Taken over by accepted sockets: what they leave behind is an RST and no TIME-WAIT.
  const linger at_once{1, 0};
  ::setsockopt(made.fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_ANY);
  socklen_t size = sizeof name;
  if (::bind(made.fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
      ::getsockname(made.fd.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    throw std::runtime_error("no free port for targets");
  }
  made.port = ntohs(name.sin_port);
  return made;
}

ProbeTargets::ProbeTargets() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (const Listener* listener : {&tcp_, &http_, &silent_}) listen(*listener);
  thread_ = std::jthread([this] { run(); });
}

ProbeTargets::~ProbeTargets() { stop_ = true; }

void ProbeTargets::listen(const Listener& listener) {
  if (::listen(listener.fd.get(), SOMAXCONN) != 0) throw std::runtime_error("cannot listen");
  add(epoll_.get(), listener.fd.get(), kListener);
}

void ProbeTargets::run() {
  std::array<epoll_event, 256> events;
  while (!stop_) {
    const int ready = ::epoll_wait(epoll_.get(), events.data(), events.size(), 50);
    for (int i = 0; i < ready; ++i) {
      const std::uint64_t mark = events[static_cast<std::size_t>(i)].data.u64;
      const auto fd = static_cast<int>(mark & 0xffffffff);
      if ((mark & kListener) != 0) {
        accept_all(fd);
      } else {
        serve(fd, (mark & kAnswered) != 0);
      }
    }
  }
}

void ProbeTargets::accept_all(int listener) {
  for (;;) {
    const int client = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return;
    ++accepted_;
    add(epoll_.get(), client, listener == http_.fd.get() ? kAnswered : 0);
  }
}

// A request arrives in one piece on loopback. Clients that are still there when the program ends go
// with it.
void ProbeTargets::serve(int client, bool answers) {
  std::array<char, 4096> request;
  const ssize_t size = ::recv(client, request.data(), request.size(), 0);
  if (size <= 0) {
    ::close(client);
  } else if (answers) {
    ++answered_;
    ::send(client, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
  }
}

}  // namespace bench
