// What happens to health, put into words. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "dnswire/address.h"
#include "health/monitor.h"
#include "health/override.h"
#include "server/control/endpoint_index.h"
#include "server/control/event.h"
#include "server/steering/plan.h"

namespace control {

// `why`: what its checks say, empty if nothing. Minor where what is served does not change.
[[nodiscard]] Event endpoint_event(const steering::Endpoint& endpoint, const FaceId& face,
                                   const health::Monitor::SubjectChange& change,
                                   const std::string& why);

[[nodiscard]] Event origin_event(const steering::Pool& pool, dnswire::Family family, bool down);

[[nodiscard]] Event isolation_event(const health::Monitor::UplinkChange& change);

enum class OverrideTurn : std::uint8_t { Made, TakenBack, Expired };
[[nodiscard]] Event override_event(const health::Override& override, OverrideTurn turn);

// `soon`: it ends within warn_before; else it is good again. `endpoints`: whose it is.
[[nodiscard]] Event certificate_event(const health::Target& target, const std::string& endpoints,
                                      std::chrono::seconds left, bool soon);

// Empty: the databases are those that lie on the disk.
[[nodiscard]] Event databases_event(const std::string& problem);

// Empty: the state file is written again.
[[nodiscard]] Event state_event(const std::string& problem);

}  // namespace control
