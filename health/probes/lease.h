#pragma once

#include <cstdint>
#include <string_view>

#include "health/check.h"
#include "health/observation.h"

namespace probes {

// The time within which an endpoint that is not probed must say that it is there. Pure.
class Lease {
 public:
  Lease(health::Duration period, health::Instant begin) noexcept;

  // When to call expire(), unless it is renewed before.
  [[nodiscard]] health::Instant ends() const noexcept { return begin_ + period_ * (expired_ + 1); }

  // It said so. Returns the result: passed.
  [[nodiscard]] health::Observation renew(health::Instant now);
  // It did not. Returns the result: failed; another comes with every period that passes. `now` is
  // at or after ends().
  [[nodiscard]] health::Observation expire(health::Instant now);

 private:
  health::Duration period_;
  health::Instant begin_;     // the newest sign of life
  std::int64_t expired_ = 0;  // periods that have ended since
};

// Takes as long wherever the two differ. An empty secret matches nothing.
[[nodiscard]] bool is_secret(std::string_view secret, std::string_view said) noexcept;

}  // namespace probes
