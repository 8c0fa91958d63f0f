// Something to probe: a small and fast server on all of 127.0.0.0/8, on a thread of its own.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "server/posix/file_descriptor.h"

namespace bench {

class ProbeTargets {
 public:
  // On free ports. Throws std::runtime_error when they cannot be had.
  ProbeTargets();
  ~ProbeTargets();
  ProbeTargets(const ProbeTargets&) = delete;
  ProbeTargets& operator=(const ProbeTargets&) = delete;

  [[nodiscard]] std::uint16_t tcp_port() const noexcept { return tcp_.port; }    // accepts
  [[nodiscard]] std::uint16_t http_port() const noexcept { return http_.port; }  // answers 200
  // Accepts and never says a word.
  [[nodiscard]] std::uint16_t silent_port() const noexcept { return silent_.port; }
  [[nodiscard]] std::uint16_t refusing_port() const noexcept { return refusing_.port; }

  [[nodiscard]] std::size_t accepted() const noexcept { return accepted_; }
  [[nodiscard]] std::size_t answered() const noexcept { return answered_; }

 private:
  struct Listener {
    posix::FileDescriptor fd;
    std::uint16_t port = 0;
  };

  static Listener bind_free_port();
  void listen(const Listener& listener);
  void run();
  void accept_all(int listener);
  void serve(int client, bool answers);

  Listener tcp_ = bind_free_port();
  Listener http_ = bind_free_port();
  Listener silent_ = bind_free_port();
  Listener refusing_ = bind_free_port();  // bound, never listening
  posix::FileDescriptor epoll_;
  std::atomic<std::size_t> accepted_ = 0;
  std::atomic<std::size_t> answered_ = 0;
  std::atomic<bool> stop_ = false;
  std::jthread thread_;
};

}  // namespace bench
