// Sockets toward the server.
#pragma once

#include <sys/socket.h>

#include <cstdint>

#include "bench/load/options.h"
#include "dnswire/address.h"
#include "server/posix/file_descriptor.h"

namespace load {

// An address and a port, as the kernel wants them.
struct Endpoint {
  sockaddr_storage storage{};
  socklen_t size = 0;

  Endpoint(const dnswire::IpAddress& address, std::uint16_t port) noexcept;
  [[nodiscard]] const sockaddr* get() const noexcept {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

// The `index`-th socket of a run, from a source address of its own if `options.sources` says so;
// does not block. `type` is SOCK_DGRAM, connected and with buffers of 8 MiB (or what the kernel
// allows), or SOCK_STREAM, not connected yet. Throws std::system_error.
[[nodiscard]] posix::FileDescriptor open_socket(const Options& options, int type,
                                                std::size_t index);

}  // namespace load
