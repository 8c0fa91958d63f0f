// What fairlead.yaml says of health: how probes run, when this node is cut off, whom to tell.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "health/check.h"

namespace config {

struct ProbeOptions {
  std::uint32_t in_flight = 0;     // at a time; 0: as many as descriptors allow
  std::uint32_t per_address = 20;  // starts per second at one address; 0: no limit
  bool exec = false;               // checks of type `exec` may run programs

  friend bool operator==(const ProbeOptions&, const ProbeOptions&) = default;
};

// health::GuardSpec, with the canaries spelled out.
struct IsolationOptions {
  std::uint8_t share = 80;     // percent; 0: off
  std::uint16_t at_least = 3;  // hosts
  std::vector<health::Target> canaries;

  friend bool operator==(const IsolationOptions&, const IsolationOptions&) = default;
};

// Somebody to tell of transitions and alarms: a web service, or a program of this machine.
struct HookOptions {
  std::string url;      // http or https; empty: a program
  std::string secret;   // signs what is posted (HMAC-SHA256); empty: unsigned
  std::string ca_file;  // PEM; empty: the system's trust store
  bool verify = true;   // the certificate
  std::vector<std::string>
      argv;  // program and arguments, no shell; the event is its standard input
  bool transitions = true;
  bool alarms = true;
  std::chrono::milliseconds timeout{5'000};  // of one attempt

  friend bool operator==(const HookOptions&, const HookOptions&) = default;
};

}  // namespace config
