#pragma once

#include <cassert>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace probes {

// A bounded number of places, handed out first come, first served. Pure.
template <typename Who>
class Places {
 public:
  explicit Places(std::size_t count) : count_(count) {}

  // True: `who` has a place. False: stands in line for one.
  [[nodiscard]] bool take(Who who) {
    if (taken_ < count_ && line_.empty()) {
      ++taken_;
      return true;
    }
    line_.push_back(std::move(who));
    return false;
  }
  void give_back() noexcept {
    assert(taken_ > 0);
    --taken_;
  }
  // Who has stood in line longest, if there is a place: it is theirs now.
  [[nodiscard]] std::optional<Who> next() {
    if (taken_ >= count_ || line_.empty()) return std::nullopt;
    std::optional<Who> who = std::move(line_.front());
    line_.pop_front();
    ++taken_;
    return who;
  }

  // From now on. Who has a place keeps it.
  void resize(std::size_t count) noexcept { count_ = count; }
  // Those of whom `leaves` is true stand in line no more.
  template <typename Predicate>
  void leave_if(Predicate leaves) {
    std::erase_if(line_, leaves);
  }

  [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
  [[nodiscard]] std::size_t waiting() const noexcept { return line_.size(); }

 private:
  std::size_t count_;
  std::size_t taken_ = 0;
  std::deque<Who> line_;
};

}  // namespace probes
