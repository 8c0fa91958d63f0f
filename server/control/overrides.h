#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "health/monitor.h"
#include "health/override.h"
#include "server/control/endpoint_index.h"
#include "server/control/saved_health.h"

namespace control {

// What operators have said, as long as it holds. Times of day in seconds since 1970.
class Overrides {
 public:
  [[nodiscard]] const std::vector<health::Override>& all() const noexcept { return all_; }

  void set(std::vector<health::Override> all) { all_ = std::move(all); }
  // Targets are canonical (health::canonical_target). Replaces the one of its kind and target.
  void put(health::Override override);
  // The one of that kind and target, which holds no more; none: there was none.
  std::optional<health::Override> erase(std::string_view target, health::OverrideKind kind);
  // Those whose time is over, which hold no more.
  [[nodiscard]] std::vector<health::Override> expire(std::int64_t now);
  // When the next one ends; none: never.
  [[nodiscard]] std::optional<std::int64_t> next_expiry() const;

  // What holds for each subject.
  [[nodiscard]] std::vector<health::Monitor::Forcing> resolve(const EndpointIndex& index,
                                                              const steering::Plan& plan,
                                                              std::size_t subjects,
                                                              const Clocks& clocks) const;
  // What holds for an endpoint. Borrowed until the next change.
  [[nodiscard]] health::InForce in_force(const EndpointIndex& index, steering::EndpointId endpoint,
                                         std::int64_t now) const;

 private:
  std::vector<health::Override> all_;
};

}  // namespace control
