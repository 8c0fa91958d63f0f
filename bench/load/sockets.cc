#include "bench/load/sockets.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace load {
namespace {

constexpr int kBufferSize = 8 << 20;  // octets

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void set(int fd, int level, int option, int value) {
  // A wish: what the kernel refuses is shown by what is lost.
  (void)::setsockopt(fd, level, option, &value, sizeof value);
}

void enlarge_buffers(int fd) {
  for (const int option : {SO_RCVBUF, SO_SNDBUF, SO_RCVBUFFORCE, SO_SNDBUFFORCE}) {
    set(fd, SOL_SOCKET, option, kBufferSize);
  }
}

void bind_source(int fd, std::size_t index, unsigned sources) {
  const std::array<std::uint8_t, 4> octets{127, 0, 1,
                                           static_cast<std::uint8_t>(1 + index % sources)};
  const Endpoint source(dnswire::IpAddress::from_octets(dnswire::Family::V4, octets), 0);
  set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  if (::bind(fd, source.get(), source.size) != 0) fail("bind");
}

}  // namespace

Endpoint::Endpoint(const dnswire::IpAddress& address, std::uint16_t port) noexcept {
  const dnswire::Bytes octets = address.octets();
  if (address.family() == dnswire::Family::V4) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    std::memcpy(&to.sin_addr, octets.data(), octets.size());
    std::memcpy(&storage, &to, size = sizeof to);
  } else {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    std::memcpy(&to.sin6_addr, octets.data(), octets.size());
    std::memcpy(&storage, &to, size = sizeof to);
  }
}

posix::FileDescriptor open_socket(const Options& options, int type, std::size_t index) {
  const int family = options.server.family() == dnswire::Family::V4 ? AF_INET : AF_INET6;
  posix::FileDescriptor fd{::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd) fail("socket");
  if (options.sources > 1) bind_source(fd.get(), index, options.sources);
  if (type == SOCK_STREAM) {
    set(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    return fd;
  }
  enlarge_buffers(fd.get());
  const Endpoint server(options.server, options.port);
  if (::connect(fd.get(), server.get(), server.size) != 0) fail("connect");
  return fd;
}

}  // namespace load
