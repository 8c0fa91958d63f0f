#include "server/control/builder.h"

#include <utility>

namespace control {

Builder::Builder() : thread_([this] { run(); }) {}

Builder::~Builder() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    jobs_.clear();
  }
  changed_.notify_all();
  thread_.join();
}

bool Builder::finish(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  jobs_.clear();
  return changed_.wait_for(lock, patience, [this] { return !is_busy_; });
}

void Builder::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

void Builder::run() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (stopping_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
      is_busy_ = true;
    }
    job();
    {
      const std::lock_guard lock(mutex_);
      is_busy_ = false;
    }
    changed_.notify_all();
  }
}

}  // namespace control
