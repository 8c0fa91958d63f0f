#include "server/posix/sockets.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

#include "server/config/size.h"

namespace posix {
namespace {

constexpr int kTcpSendBuffer = 128 * 1024;  // octets that the kernel owes a client at most
// Queries that wait in the kernel for a client to read; it would take 6 MiB per client by itself.
constexpr int kTcpReceiveBuffer = 64 * 1024;
constexpr int kTcpUserTimeout = 5'000;  // ms for it to deliver what we wrote, RFC 5482
constexpr int kTcpDeferAccept = 2;      // s without a query, then the client is ours to time
constexpr int kBacklog = 4096;          // silent clients in the kernel; net.core.somaxconn at most
constexpr int kPortAttempts = 16;

struct Purpose {
  int type;
  std::string_view transport;
  std::string_view option;
};

bool set_option(int fd, int level, int name, int value) noexcept {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

std::string advice(int error, const Purpose& purpose) {
  const std::string option = "`" + std::string(purpose.option) + "` in fairlead.yaml";
  switch (error) {
    case EADDRINUSE:
      return "address already in use; stop the other server or change " + option;
    case EACCES:
      return "permission denied; ports below 1024 need root or CAP_NET_BIND_SERVICE, or change " +
             option;
    case EADDRNOTAVAIL:
      return "this machine has no such address; change " + option;
    case EAFNOSUPPORT:
      return "this machine does not speak that version of IP; change " + option;
    default:
      return std::generic_category().message(error);
  }
}

tl::unexpected<std::string> failure(int error, const config::ListenAddress& address,
                                    const Purpose& purpose) {
  return tl::unexpected("cannot listen on " + address.to_text() + " (" +
                        std::string(purpose.transport) + "): " + advice(error, purpose));
}

FileDescriptor create(const config::ListenAddress& address, int type) noexcept {
  const int family = address.address.family() == dnswire::Family::V4 ? AF_INET : AF_INET6;
  FileDescriptor fd{::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  // [::] would take 0.0.0.0 as well, and be in the way of a socket of its own for it.
  if (fd && family == AF_INET6) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  return fd;
}

bool bind_to(int fd, const config::ListenAddress& address) noexcept {
  const SocketAddress name = to_socket_address(address);
  return ::bind(fd, &name.any, size_of(name)) == 0;
}

// The FORCE options go beyond the sysctl; they need CAP_NET_ADMIN.
void ask_for_buffers(int fd, const config::UdpOptions& options) noexcept {
  const int receive = static_cast<int>(options.receive_buffer);
  const int send = static_cast<int>(options.send_buffer);
  if (!set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, receive)) {
    set_option(fd, SOL_SOCKET, SO_RCVBUF, receive);
  }
  if (!set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, send)) {
    set_option(fd, SOL_SOCKET, SO_SNDBUF, send);
  }
}

// The driver is asked for packets by whoever looks, instead of waiting for its interrupt. More than
// net.core.busy_read needs CAP_NET_ADMIN; without it a worker looks at the socket alone.
void ask_for_busy_poll(int fd, const config::UdpOptions& options) noexcept {
  if (options.busy_poll.count() == 0) return;
  set_option(fd, SOL_SOCKET, SO_BUSY_POLL, static_cast<int>(options.busy_poll.count()));
  set_option(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, 1);
}

struct Buffer {
  int option;
  std::uint32_t asked;
  const char* key;
  const char* sysctl;
};

std::optional<std::string> describe_short(int fd, const Buffer& buffer) {
  int given = 0;
  socklen_t size = sizeof given;
  if (::getsockopt(fd, SOL_SOCKET, buffer.option, &given, &size) != 0) return std::nullopt;
  given /= 2;  // the kernel counts its own overhead in and doubles: socket(7)
  if (static_cast<std::uint32_t>(given) >= buffer.asked) return std::nullopt;
  return "the kernel gave " + config::to_size_text(static_cast<std::uint64_t>(given)) + " of the " +
         config::to_size_text(buffer.asked) + " that `" + buffer.key +
         "` asks for: bursts may be lost; sysctl -w " + buffer.sysctl + "=" +
         std::to_string(buffer.asked);
}

// No answer of ours is longer than 1,232 octets: every IPv6 path takes it whole (RFC 8200 5), so
// IPV6_MTU is left alone. Forged "fragmentation needed" messages must not cut it into fragments
// either: OMIT ignores them; DONT at least never fails.
void ignore_path_mtu(int fd, dnswire::Family family) noexcept {
  if (family == dnswire::Family::V4) {
    if (set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT)) return;
    set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
    return;
  }
  if (set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT)) return;
  set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
}

// With SO_REUSEPORT a second server of the same user would silently get half of the queries, so ask
// once without it. Returns the address with the port that was free.
tl::expected<config::ListenAddress, std::string> probe_udp(const config::ListenAddress& address) {
  constexpr Purpose kPurpose{SOCK_DGRAM, "UDP", "listen"};
  const FileDescriptor fd = create(address, kPurpose.type);
  if (!fd || !bind_to(fd.get(), address)) return failure(errno, address, kPurpose);
  return bound_address(fd);
}

tl::expected<std::vector<FileDescriptor>, std::string> open_siblings(
    const config::ListenAddress& address, std::size_t count, const config::UdpOptions& options) {
  std::vector<FileDescriptor> sockets;
  for (std::size_t i = 0; i < count; ++i) {
    auto socket = open_udp(address, options);
    if (!socket) return tl::unexpected(std::move(socket.error()));
    sockets.push_back(std::move(*socket));
  }
  return sockets;
}

tl::expected<ListenSockets, std::string> open_once(const config::ListenAddress& address,
                                                   std::size_t workers,
                                                   const config::UdpOptions& options,
                                                   std::uint32_t fast_open) {
  const auto found = probe_udp(address);
  if (!found) return tl::unexpected(found.error());
  auto udp = open_siblings(*found, workers, options);
  if (!udp) return tl::unexpected(std::move(udp.error()));
  auto tcp = open_dns_tcp(*found, fast_open);
  if (!tcp) return tl::unexpected(std::move(tcp.error()));
  return ListenSockets{*found, std::move(*udp), std::move(*tcp)};
}

}  // namespace

SocketAddress to_socket_address(const config::ListenAddress& address) noexcept {
  SocketAddress result{};
  std::memset(&result, 0, sizeof result);
  const dnswire::Bytes octets = address.address.octets();
  if (address.address.family() == dnswire::Family::V4) {
    result.v4.sin_family = AF_INET;
    result.v4.sin_port = htons(address.port);
    std::memcpy(&result.v4.sin_addr, octets.data(), octets.size());
  } else {
    result.v6.sin6_family = AF_INET6;
    result.v6.sin6_port = htons(address.port);
    std::memcpy(&result.v6.sin6_addr, octets.data(), octets.size());
  }
  return result;
}

socklen_t size_of(const SocketAddress& address) noexcept {
  return address.any.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

config::ListenAddress from_socket_address(const SocketAddress& address) noexcept {
  const bool v4 = address.any.sa_family == AF_INET;
  return {ip_address(address, v4 ? dnswire::Family::V4 : dnswire::Family::V6), port_of(address)};
}

tl::expected<FileDescriptor, std::string> open_udp(const config::ListenAddress& address,
                                                   const config::UdpOptions& options) {
  constexpr Purpose kPurpose{SOCK_DGRAM, "UDP", "listen"};
  FileDescriptor fd = create(address, kPurpose.type);
  if (!fd) return failure(errno, address, kPurpose);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  ask_for_buffers(fd.get(), options);
  ask_for_busy_poll(fd.get(), options);
  ignore_path_mtu(fd.get(), address.address.family());
  if (address.is_wildcard()) {
    const bool v4 = address.address.family() == dnswire::Family::V4;
    set_option(fd.get(), v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_PKTINFO : IPV6_RECVPKTINFO, 1);
  }
  if (!bind_to(fd.get(), address)) return failure(errno, address, kPurpose);
  return fd;
}

tl::expected<FileDescriptor, std::string> open_tcp(const config::ListenAddress& address,
                                                   std::string_view option) {
  const Purpose purpose{SOCK_STREAM, "TCP", option};
  FileDescriptor fd = create(address, purpose.type);
  if (!fd) return failure(errno, address, purpose);
  // A restart must not wait for the old connections' TIME_WAIT; two listeners still exclude each
  // other.
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  // Every connection inherits these.
  set_option(fd.get(), SOL_SOCKET, SO_SNDBUF, kTcpSendBuffer);
  set_option(fd.get(), SOL_SOCKET, SO_RCVBUF, kTcpReceiveBuffer);
  set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, kTcpUserTimeout);
  if (!bind_to(fd.get(), address)) return failure(errno, address, purpose);
  if (::listen(fd.get(), kBacklog) != 0) return failure(errno, address, purpose);
  return fd;
}

std::vector<std::string> describe_short_buffers(const FileDescriptor& socket,
                                                const config::UdpOptions& options) {
  std::vector<std::string> sentences;
  for (const Buffer& buffer :
       {Buffer{SO_RCVBUF, options.receive_buffer, "udp.receive_buffer", "net.core.rmem_max"},
        Buffer{SO_SNDBUF, options.send_buffer, "udp.send_buffer", "net.core.wmem_max"}}) {
    if (auto sentence = describe_short(socket.get(), buffer)) {
      sentences.push_back(std::move(*sentence));
    }
  }
  return sentences;
}

tl::expected<FileDescriptor, std::string> open_dns_tcp(const config::ListenAddress& address,
                                                       std::uint32_t fast_open) {
  auto fd = open_tcp(address);
  if (!fd) return fd;
  // Where the kernel allows it (net.ipv4.tcp_fastopen).
  if (fast_open != 0) {
    set_option(fd->get(), IPPROTO_TCP, TCP_FASTOPEN, static_cast<int>(fast_open));
  }
  set_option(fd->get(), IPPROTO_TCP, TCP_DEFER_ACCEPT, kTcpDeferAccept);
  return fd;
}

config::ListenAddress bound_address(const FileDescriptor& socket) noexcept {
  SocketAddress name{};
  socklen_t size = sizeof name;
  ::getsockname(socket.get(), &name.any, &size);
  return from_socket_address(name);
}

tl::expected<ListenSockets, std::string> open_listeners(const config::ListenAddress& address,
                                                        std::size_t workers,
                                                        const config::UdpOptions& udp,
                                                        std::uint32_t fast_open) {
  auto sockets = open_once(address, workers, udp, fast_open);
  // A port that is free for UDP may be taken for TCP; with port 0 another one will do.
  for (int i = 1; !sockets && address.port == 0 && i < kPortAttempts; ++i) {
    sockets = open_once(address, workers, udp, fast_open);
  }
  return sockets;
}

}  // namespace posix
