#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "server/metrics/counters.h"
#include "server/posix/file_descriptor.h"
#include "server/transport/publisher.h"

namespace transport {

// One thread that answers the queries of its UDP sockets, one for each listen address. No lock and
// no allocation per query.
class UdpWorker {
 public:
  // `seed` starts the generator of weighted draws. Throws std::system_error when the machine is out
  // of threads or descriptors.
  UdpWorker(std::vector<posix::FileDescriptor> sockets, Publisher& publisher, std::uint64_t seed);
  ~UdpWorker();  // stops
  UdpWorker(const UdpWorker&) = delete;
  UdpWorker& operator=(const UdpWorker&) = delete;

  void stop();  // returns when the thread has ended; the sockets stay open until destruction
  [[nodiscard]] const metrics::Counters& counters() const noexcept { return counters_; }

 private:
  void run(std::uint64_t seed);
  void watch(int fd);
  void wake() const noexcept;

  std::vector<posix::FileDescriptor> sockets_;
  posix::FileDescriptor epoll_;
  posix::FileDescriptor event_;  // stop, or a new Snapshot
  std::atomic<bool> stopping_{false};
  metrics::Counters counters_;
  Publisher::Reader reader_;
  std::thread thread_;
};

}  // namespace transport
