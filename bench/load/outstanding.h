// The queries of one socket that wait for their replies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "bench/load/pacing.h"

namespace load {

struct Asked {
  Time due;   // latency counts from here: when an open loop wanted to send it
  Time sent;  // patience counts from here
  std::uint32_t query = 0;
  bool measured = false;
};

// A table by message id. Ids are given out in turn; one whose place is taken is passed over.
class Outstanding {
 public:
  // Requires: a power of two, at most 65,536.
  explicit Outstanding(std::size_t capacity) : slots_(capacity) {}

  // The id to send it with, or nothing if every place is taken.
  [[nodiscard]] std::optional<std::uint16_t> add(const Asked& asked) noexcept;
  // What was asked with this id, which is free from now on; nothing if nobody waits for it.
  [[nodiscard]] std::optional<Asked> take(std::uint16_t id) noexcept;

  // Looks at the next `count` places and hands to `lose` what was sent before `before`; their ids
  // are free from now on.
  template <class Lose>
  void expire(Time before, std::size_t count, Lose lose) {
    for (; count > 0 && size_ > 0; --count) {
      Slot& slot = slots_[swept_++ & (slots_.size() - 1)];
      if (!slot.taken || slot.asked.sent >= before) continue;
      slot.taken = false;
      --size_;
      lose(slot.asked);
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size(); }

 private:
  struct Slot {
    Asked asked;
    std::uint16_t id = 0;
    bool taken = false;
  };

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
  std::size_t swept_ = 0;
  std::uint16_t next_ = 0;
};

}  // namespace load
