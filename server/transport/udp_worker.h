#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "server/metrics/counters.h"
#include "server/posix/file_descriptor.h"
#include "server/transport/publisher.h"

namespace transport {

// How a worker's thread runs.
struct UdpWorkerOptions {
  std::optional<std::uint32_t> core;       // the only one that it runs on; none: any
  std::chrono::microseconds busy_poll{0};  // how long it looks for the next query without sleeping
};

// One thread that answers the queries of its UDP sockets, one for each listen address. No lock and
// no allocation per query. While queries keep coming it makes no system call but to receive and to
// send; with several sockets each gets its turn, however busy the others are.
class UdpWorker {
 public:
  // `seed` starts the generator of weighted draws. Throws std::system_error when the machine is out
  // of threads or descriptors.
  UdpWorker(std::vector<posix::FileDescriptor> sockets, Publisher& publisher, std::uint64_t seed,
            const UdpWorkerOptions& options = {});
  ~UdpWorker();  // stops
  UdpWorker(const UdpWorker&) = delete;
  UdpWorker& operator=(const UdpWorker&) = delete;

  void stop();  // returns when the thread has ended; the sockets stay open until destruction
  [[nodiscard]] const metrics::Counters& counters() const noexcept { return counters_; }

 private:
  class Loop;

  void run(std::uint64_t seed);
  void watch(int fd, std::size_t index);
  void wake() const noexcept;

  std::vector<posix::FileDescriptor> sockets_;
  const UdpWorkerOptions options_;
  posix::FileDescriptor epoll_;
  posix::FileDescriptor event_;  // stop, or a new Snapshot
  std::atomic<bool> stopping_{false};
  metrics::Counters counters_;
  Publisher::Reader reader_;
  std::thread thread_;
};

}  // namespace transport
