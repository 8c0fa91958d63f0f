// Clients that behave, and what they see of a server.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// What a run of queries came to.
struct Experience {
  std::size_t asked = 0;
  std::size_t answered = 0;
  std::size_t reopened = 0;                         // connections that the server had closed
  std::vector<std::chrono::nanoseconds> latencies;  // of what was answered

  [[nodiscard]] std::chrono::nanoseconds quantile(double part) const;  // 0 to 1
};

// A query of class IN without EDNS; with its length in front if it is for a stream.
[[nodiscard]] std::string query_for(std::string_view owner, std::uint16_t type, std::uint16_t id);
[[nodiscard]] std::string framed(std::string_view message);

// Asks `per_second` times over UDP, whether or not answers come, until `stop`. A latency ends when
// the kernel has the reply: how soon this thread gets to run is no part of it.
[[nodiscard]] Experience probe_udp(std::uint16_t port, unsigned per_second,
                                   const std::atomic<bool>& stop);

// Asks over TCP from 127.9.9.9: each query on a connection of its own, or in turn on `kept`
// connections that stay open. One that the server has closed is opened again, and the query asked
// again (RFC 7766 6.2.4).
[[nodiscard]] Experience ask_anew(std::uint16_t port, unsigned per_second,
                                  const std::atomic<bool>& stop);
[[nodiscard]] Experience ask_on_kept(std::uint16_t port, unsigned per_second, std::size_t kept,
                                     const std::atomic<bool>& stop);

}  // namespace bench
