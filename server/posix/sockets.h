// Sockets to listen on, set up the way a name server needs them.
//
// Errors are one sentence for the operator: which address, why, and what to change.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "server/config/listen_address.h"
#include "server/config/protocol_options.h"
#include "server/posix/file_descriptor.h"

namespace posix {

// What the kernel calls an address.
union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

[[nodiscard]] SocketAddress to_socket_address(const config::ListenAddress& address) noexcept;
[[nodiscard]] socklen_t size_of(const SocketAddress& address) noexcept;
// Requires: a family of AF_INET or AF_INET6.
[[nodiscard]] config::ListenAddress from_socket_address(const SocketAddress& address) noexcept;

// The same in halves, for whoever knows the family.
[[nodiscard]] inline dnswire::IpAddress ip_address(const SocketAddress& address,
                                                   dnswire::Family family) noexcept {
  const bool v4 = family == dnswire::Family::V4;
  const void* octets = v4 ? static_cast<const void*>(&address.v4.sin_addr) : &address.v6.sin6_addr;
  return dnswire::IpAddress::from_octets(
      family, {static_cast<const std::uint8_t*>(octets), v4 ? sizeof(in_addr) : sizeof(in6_addr)});
}
[[nodiscard]] inline std::uint16_t port_of(const SocketAddress& address) noexcept {
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  return ntohs(address.v4.sin_port);
}

// One UDP socket that shares its address with its siblings (SO_REUSEPORT); the kernel spreads the
// clients over them. Non-blocking. Bound to a wildcard it reports the address that was asked.
[[nodiscard]] tl::expected<FileDescriptor, std::string> open_udp(
    const config::ListenAddress& address, const config::UdpOptions& options = {});

// Where the kernel gave a UDP socket less than was asked for: a sentence for each buffer, with what
// to set.
[[nodiscard]] std::vector<std::string> describe_short_buffers(const FileDescriptor& socket,
                                                              const config::UdpOptions& options);

// A TCP socket that listens. Non-blocking. `option` is what the operator changes to avoid a
// conflict.
[[nodiscard]] tl::expected<FileDescriptor, std::string> open_tcp(
    const config::ListenAddress& address, std::string_view option = "listen");

// The same for DNS: the kernel keeps a client that has connected to itself until its first query
// is there, and `fast_open` clients may send it with their first packet (RFC 7413; 0: none).
[[nodiscard]] tl::expected<FileDescriptor, std::string> open_dns_tcp(
    const config::ListenAddress& address, std::uint32_t fast_open = config::kUsualFastOpen);

// The address that a socket is bound to, with the port that the kernel chose.
[[nodiscard]] config::ListenAddress bound_address(const FileDescriptor& socket) noexcept;

// All sockets of one address.
struct ListenSockets {
  config::ListenAddress address;    // with the real port
  std::vector<FileDescriptor> udp;  // one per worker
  FileDescriptor tcp;
};

// UDP and TCP on the same port; port 0 finds one that is free for both. Another server that listens
// there already is an error, even one that would share the port.
[[nodiscard]] tl::expected<ListenSockets, std::string> open_listeners(
    const config::ListenAddress& address, std::size_t workers, const config::UdpOptions& udp = {},
    std::uint32_t fast_open = config::kUsualFastOpen);

}  // namespace posix
