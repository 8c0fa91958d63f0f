// The end of a probe's time.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "health/check.h"

namespace probes {

// At its time it runs what cuts the probe off: closes the socket, say, that the probe waits on,
// whose operation then ends with an error. Nothing is run after its own end.
//
// Threads: that of the executor.
class Deadline {
 public:
  Deadline(const boost::asio::any_io_executor& executor, health::Instant when);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  [[nodiscard]] bool has_passed() const noexcept;

  // Runs `cut` when the time comes, until the returned guard ends; at once if it has come. One at a
  // time.
  class Guard {
   public:
    explicit Guard(Deadline& deadline) : deadline_(deadline) {}
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard();

   private:
    Deadline& deadline_;
  };
  [[nodiscard]] Guard cut_with(std::function<void()> cut);

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the timer's handler, which may run later
};

}  // namespace probes
