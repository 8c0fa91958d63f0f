#include "health/probes/lease.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace probes {
namespace {

using health::Duration;
using health::Instant;
using health::Observation;
using health::Reason;

std::string text_of(Duration duration) {
  const auto count = duration.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms";
}

}  // namespace

Lease::Lease(Duration period, Instant begin) noexcept
    : period_(std::max(period, Duration{1})), begin_(begin) {}

Observation Lease::renew(Instant now) {
  begin_ = now;
  expired_ = 0;
  Observation observation;
  observation.passed = true;
  observation.started = now;
  return observation;
}

Observation Lease::expire(Instant now) {
  // A process that was stalled skips the periods that passed meanwhile.
  expired_ = std::max<std::int64_t>((now - begin_) / period_, 1);
  Observation observation;
  observation.reason = Reason::LeaseExpired;
  observation.detail = "no heartbeat for " + text_of(period_ * expired_);
  observation.started = now;
  return observation;
}

bool is_secret(std::string_view secret, std::string_view said) noexcept {
  if (secret.empty()) return false;
  std::size_t different = secret.size() ^ said.size();
  for (std::size_t i = 0; i < said.size(); ++i) {
    const auto octet = static_cast<unsigned char>(secret[i % secret.size()]);
    different |= static_cast<std::size_t>(octet ^ static_cast<unsigned char>(said[i]));
  }
  return different == 0;
}

}  // namespace probes
