#include "server/control/overrides.h"

#include <algorithm>
#include <utility>

namespace control {

using health::Forced;
using health::Override;
using Forcing = health::Monitor::Forcing;
using dnswire::Family;

namespace {

Forcing forcing_of(const Forced& forced, const Clocks& clocks) {
  Forcing forcing{forced.force};
  if (forced.ttl) forcing.cap = std::chrono::seconds(*forced.ttl);
  if (forced.expires != 0) {
    forcing.until = clocks.steady + std::chrono::milliseconds(forced.expires * 1000 - clocks.wall);
  }
  return forcing;
}

}  // namespace

void Overrides::put(Override override) {
  erase(override.target);
  all_.push_back(std::move(override));
}

std::optional<Override> Overrides::erase(std::string_view target) {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [target](const Override& one) { return one.target == target; });
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
    const Forced forced = health::resolve(all_, index.override_subject(id), clocks.wall / 1000);
    if (forced.force == health::Force::None) continue;
    for (const Family family : {Family::V4, Family::V6}) {
      const auto& face = plan[id].face(family);
      if (face) forcings[static_cast<std::size_t>(face->subject)] = forcing_of(forced, clocks);
    }
  }
  return forcings;
}

const Override* Overrides::find(const EndpointIndex& index, steering::EndpointId endpoint,
                                std::int64_t now) const {
  if (all_.empty()) return nullptr;
  const Forced forced = health::resolve(all_, index.override_subject(endpoint), now);
  return forced.force == health::Force::None ? nullptr : &all_[forced.which];
}

}  // namespace control
