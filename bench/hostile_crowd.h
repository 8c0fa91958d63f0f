// TCP clients that take up room and give nothing, and come back at once when they are closed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bench {

struct CrowdOptions {
  std::size_t connections = 2000;  // a third idle, a third trickling, a third never reading
  std::size_t addresses = 500;     // of 127.0.0.0/8
  unsigned connects_per_second = 1000;
};

struct CrowdReport {
  std::size_t connects = 0;
  std::size_t closed = 0;  // by the server
  std::size_t failed = 0;  // connects
  std::uint64_t octets = 0;
};

// Runs on the calling thread until `stop`:
// - an idle client connects and says nothing;
// - a trickling one sends a query, an octet a second;
// - one that never reads pipelines queries for 16 KiB of TXT for as long as they are taken.
[[nodiscard]] CrowdReport run_crowd(std::uint16_t port, const CrowdOptions& options,
                                    const std::atomic<bool>& stop);

}  // namespace bench
