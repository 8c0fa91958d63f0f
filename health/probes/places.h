// A bounded number of places, handed out first come, first served.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <deque>
#include <memory>

namespace probes {

// Threads: one.
class Places {
 public:
  explicit Places(std::size_t count) : free_(count) {}

  // Waits for a place. False: the wait was cancelled and there is no place to give back.
  [[nodiscard]] boost::asio::awaitable<bool> take();
  // Gives a place to whoever has waited longest.
  void give_back();

  [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }

 private:
  // The timer never expires by itself; cancelling it wakes the waiting coroutine.
  struct Waiter {
    explicit Waiter(const boost::asio::any_io_executor& executor)
        : wake(executor, std::chrono::steady_clock::time_point::max()) {}
    boost::asio::steady_timer wake;
    bool has_place = false;
  };

  std::size_t free_;
  std::deque<std::shared_ptr<Waiter>> queue_;
};

}  // namespace probes
