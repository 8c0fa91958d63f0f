// The threads' counters as Prometheus sees them. For metrics.cc; shows prometheus-cpp.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <vector>

#include "server/metrics/counters.h"

namespace metrics {

// Sums the counters when asked, and not before: the threads that count never wait.
//
// Threads: the caller keeps watch() and Collect() apart.
class CounterFamilies : public prometheus::Collectable {
 public:
  void watch(const Counters& counters) { watched_.push_back(&counters); }
  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  std::vector<const Counters*> watched_;
};

}  // namespace metrics
