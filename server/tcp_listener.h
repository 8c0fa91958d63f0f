#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "server/counters.h"
#include "server/file_descriptor.h"
#include "server/publisher.h"

namespace server {

struct TcpOptions {
  std::chrono::milliseconds idle{10'000};    // without a query; RFC 7766 6.2.3
  std::chrono::milliseconds message{2'000};  // from the first octet of a query to its last
  std::chrono::milliseconds stall{2'000};    // a client that owes us room and makes none
  std::size_t max_clients = 1024;
  std::size_t max_per_address = 32;  // an IPv4 address, or an IPv6 /64
  std::size_t max_owed =
      128 * 1024;  // octets of replies composed ahead of a client that reads slowly
};

// Answers DNS over TCP (RFC 7766) on a thread of its own. Queries of a connection are answered in
// order. Over a limit, the connection that has been idle longest makes room; if none is idle, the
// newcomer is refused. Silence as an answer closes the connection.
class TcpListener {
 public:
  // `seed` starts the generator of weighted draws.   Requires: sockets that listen.
  TcpListener(std::vector<FileDescriptor> sockets, Publisher& publisher, std::uint64_t seed,
              const TcpOptions& options = {});
  ~TcpListener();  // stops
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  void stop();  // closes everything; returns when the thread has ended
  [[nodiscard]] const Counters& counters() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace server
