#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace control {

// The thread that loads and compiles, so that a million names never delay a probe. One job after
// the other.
class Builder {
 public:
  Builder();
  ~Builder();  // finishes the job in hand, drops the others
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  void post(std::function<void()> job);

  // Drops the jobs that wait. False: the one in hand was not done in time, and goes on.
  [[nodiscard]] bool finish(std::chrono::milliseconds patience);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  bool is_busy_ = false;
  std::thread thread_;
};

}  // namespace control
