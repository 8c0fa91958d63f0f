#pragma once

#include <string>

#include "health/check.h"
#include "health/judge.h"

namespace probes {

// A target on loopback with a timeout that no test should reach.
[[nodiscard]] health::Target target_on(std::uint16_t port, health::ProbeType type,
                                       const std::string& address = "127.0.0.1");

// Runs one probe to its end.
[[nodiscard]] health::Observation run_probe(const health::Target& target);

}  // namespace probes
