#pragma once

#include "health/check.h"

namespace health {

// Spreads the probes of one address: however many checks name it, it sees at most so many starts a
// second, so that no intrusion detection takes us for a scanner. Pure.
class Pacer {
 public:
  explicit Pacer(Duration gap) noexcept : gap_(gap) {}  // between starts; 0: no limit

  // When a probe that wants to start now may; the place is taken.
  [[nodiscard]] Instant take(Instant now) noexcept {
    const Instant start = now < free_ ? free_ : now;
    free_ = start + gap_;
    return start;
  }

 private:
  Duration gap_;
  Instant free_{};
};

}  // namespace health
