#include "server/control/overrides.h"

#include <algorithm>
#include <utility>

namespace control {

using health::InForce;
using health::Override;
using Forcing = health::Monitor::Forcing;
using dnswire::Family;

namespace {

Forcing forcing_of(const InForce& words, const Clocks& clocks) {
  Forcing forcing;
  if (words.force != nullptr) forcing.force = words.force->force;
  if (words.weight != nullptr) forcing.weight = words.weight->weight;
  if (const auto ttl = words.ttl()) forcing.cap = std::chrono::seconds(*ttl);
  if (const std::int64_t expires = words.expires(); expires != 0) {
    forcing.until = clocks.steady + std::chrono::milliseconds(expires * 1000 - clocks.wall);
  }
  return forcing;
}

}  // namespace

void Overrides::put(Override override) {
  erase(override.target, override.kind());
  all_.push_back(std::move(override));
}

std::optional<Override> Overrides::erase(std::string_view target, health::OverrideKind kind) {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const Override& one) {
    return one.target == target && one.kind() == kind;
  });
  if (found == all_.end()) return std::nullopt;
  Override erased = std::move(*found);
  all_.erase(found);
  return erased;
}

std::vector<Override> Overrides::expire(std::int64_t now) {
  std::vector<Override> expired;
  std::erase_if(all_, [&](Override& one) {
    if (one.expires == 0 || one.expires > now) return false;
    expired.push_back(std::move(one));
    return true;
  });
  return expired;
}

std::optional<std::int64_t> Overrides::next_expiry() const {
  std::optional<std::int64_t> next;
  for (const Override& one : all_) {
    if (one.expires != 0) next = std::min(next.value_or(one.expires), one.expires);
  }
  return next;
}

std::vector<Forcing> Overrides::resolve(const EndpointIndex& index, const steering::Plan& plan,
                                        std::size_t subjects, const Clocks& clocks) const {
  std::vector<Forcing> forcings(subjects);
  if (all_.empty()) return forcings;
  for (std::uint32_t i = 0; i < plan.endpoints.size(); ++i) {
    const steering::EndpointId id{i};
    const InForce words = in_force(index, id, clocks.wall / 1000);
    if (words.force == nullptr && words.weight == nullptr) continue;
    for (const Family family : {Family::V4, Family::V6}) {
      for (const steering::Face& face : plan[id].faces_of(family)) {
        forcings[static_cast<std::size_t>(face.subject)] = forcing_of(words, clocks);
      }
    }
  }
  return forcings;
}

InForce Overrides::in_force(const EndpointIndex& index, steering::EndpointId endpoint,
                            std::int64_t now) const {
  if (all_.empty()) return {};
  return health::in_force(all_, index.override_subject(endpoint), now);
}

}  // namespace control
