#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "dnswire/address.h"
#include "server/metrics/counters.h"

namespace metrics {

// One address of an endpoint.
struct EndpointFace {
  std::string zone;
  std::string endpoint;
  dnswire::Family family = dnswire::Family::V4;
};

struct DatabaseGauge {
  std::string path;
  std::string type;  // as its maker calls it; empty if it could not be read
  bool loaded = false;
  std::chrono::system_clock::time_point built;  // of one that is loaded
};

// What the server tells Prometheus, but for what is known of health at the moment
// (admin/health_metrics.h); docs/metrics.md lists every name.
//
// Threads: everything may be called from anywhere.
class Metrics {
 public:
  explicit Metrics(std::string_view version);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Adds a thread's counters to the sums. They outlive this object.
  void watch(const Counters& counters);

  // All endpoints there are; transitions of others vanish.
  void keep_transitions_of(std::span<const EndpointFace> endpoints);
  // `from` and `to` are states as `health` names them.
  void count_transition(const EndpointFace& endpoint, std::string_view from, std::string_view to);
  void count_reload(bool ok, std::chrono::system_clock::time_point now);
  void set_generation(std::uint64_t generation);
  void set_databases(std::span<const DatabaseGauge> databases);  // all there are
  void set_loaded(std::size_t zones, std::size_t names);

  // The text format, version 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace metrics
