#pragma once

#include <string>

#include "health/check.h"
#include "health/observation.h"
#include "health/probes/resolver.h"

namespace probes {

// A target on loopback with a timeout that no test should reach.
[[nodiscard]] health::Target target_on(std::uint16_t port, health::ProbeType type,
                                       const std::string& address = "127.0.0.1");

// Runs one probe to its end.
[[nodiscard]] health::Observation run_probe(const health::Target& target);
// The same with a source of addresses of the test's own.
[[nodiscard]] health::Observation run_probe(const health::Target& target, Resolver::LookUp look_up);

// Fails the test unless the probe came to just this.
void expect_failure(const health::Observation& seen, health::Reason reason,
                    const std::string& detail);
void expect_pass(const health::Observation& seen);

}  // namespace probes
