#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "server/config/protocol_options.h"
#include "server/metrics/counters.h"
#include "server/posix/file_descriptor.h"
#include "server/transport/publisher.h"

namespace transport {

// Answers DNS over TCP (RFC 7766) on a thread of its own. Queries of a connection are answered in
// order. A newcomer is never refused: over a limit, the connection whose latest progress lies
// furthest back makes room, whatever it is at; over the limit for one address, one of that address.
// Silence as an answer closes the connection.
class TcpListener {
 public:
  // `seed` starts the generator of weighted draws.   Requires: sockets that listen.
  TcpListener(std::vector<posix::FileDescriptor> sockets, Publisher& publisher, std::uint64_t seed,
              const config::TcpOptions& options = {});
  ~TcpListener();  // stops
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  // From the next accept, query or reply of each connection on.   Threads: any.
  void set_options(const config::TcpOptions& options);
  void stop();  // closes everything; returns when the thread has ended
  [[nodiscard]] const metrics::Counters& counters() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace transport
