// How an endpoint is probed and what counts as a pass.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace health {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::steady_clock::time_point;  // handed in, never read here

enum class ProbeType : std::uint8_t { Tcp, Http, Https };

struct StatusRange {  // both ends included
  std::uint16_t first = 200;
  std::uint16_t last = 299;
  friend bool operator==(const StatusRange&, const StatusRange&) = default;
};

// Results in a row (or nearly so) that change a verdict.
struct Thresholds {
  std::uint16_t fall = 3;     // failures that take down
  std::uint16_t rise = 2;     // successes in a row that bring up
  std::uint16_t forgive = 2;  // successes in a row that wipe the failures counted while up
  friend bool operator==(const Thresholds&, const Thresholds&) = default;
};

struct CheckSpec {
  ProbeType type = ProbeType::Tcp;
  std::uint16_t port = 0;
  std::string path = "/";  // http, https
  std::string host;        // Host header and, for https, SNI and the name to verify;
                           // empty: the dialled address
  std::vector<StatusRange> status{StatusRange{}};
  std::string body;         // must be inside the first kMaxBody octets; empty: any
  bool verify = true;       // https: the certificate
  std::string ca_file;      // PEM; empty: the system's trust store
  Duration interval{5000};  // from start to start
  Duration timeout{2000};   // for the whole probe
  Thresholds thresholds;
  friend bool operator==(const CheckSpec&, const CheckSpec&) = default;
};

inline constexpr std::size_t kMaxBody = 16 * 1024;  // octets read of an answer, headers included

// One address judged by one check. Endpoints that would be probed alike share a target.
struct Target {
  std::string address;  // IPv4 or IPv6 literal, no brackets
  CheckSpec check;
  friend bool operator==(const Target&, const Target&) = default;
};

// Index into the list of targets of one configuration.
enum class TargetId : std::uint32_t {};

}  // namespace health
