#include "server/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>
#include <vector>

#include "server/counter_families.h"

namespace server {
namespace {

using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Labels;

using FaceKey = std::tuple<std::string, std::string, dnswire::Family>;

FaceKey key_of(const EndpointGauge& gauge) { return {gauge.zone, gauge.endpoint, gauge.family}; }

Labels labels_of(const EndpointGauge& gauge) {
  return {{"zone", gauge.zone},
          {"endpoint", gauge.endpoint},
          {"family", gauge.family == dnswire::Family::V4 ? "ipv4" : "ipv6"}};
}

double unix_seconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

// A loopback probe takes a millisecond, a patient one ten seconds.
Histogram::BucketBoundaries probe_buckets() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

// Replaces all gauges of a family.
class GaugeSet {
 public:
  explicit GaugeSet(Family<Gauge>& family) : family_(family) {}

  void clear() {
    for (Gauge* gauge : gauges_) family_.Remove(gauge);
    gauges_.clear();
  }
  void add(const Labels& labels, double value) {
    Gauge& gauge = family_.Add(labels);
    gauge.Set(value);
    gauges_.insert(&gauge);
  }

 private:
  Family<Gauge>& family_;
  std::set<Gauge*> gauges_;
};

}  // namespace

struct Metrics::State {
  Family<Gauge>& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }
  Family<prometheus::Counter>& counter(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Histogram>& histogram(const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  }

  mutable std::mutex mutex;  // one update or one scrape at a time: no scrape sees half a set
  CounterFamilies counters;
  prometheus::Registry registry;
  GaugeSet up{gauge("fairlead_endpoint_up", "Whether the endpoint is answered with.")};
  Family<prometheus::Counter>& transitions{
      counter("fairlead_endpoint_transitions_total", "Changes of an endpoint's health.")};
  std::multimap<FaceKey, prometheus::Counter*> transitions_of;
  Family<Histogram>& probes{
      histogram("fairlead_probe_duration_seconds", "How long health probes took.")};
  Family<prometheus::Counter>& probe_failures{
      counter("fairlead_probe_failures_total", "Health probes that failed, by reason.")};
  Family<prometheus::Counter>& reloads{
      counter("fairlead_reloads_total", "Attempts to load the configuration.")};
  Family<Gauge>& reloaded{gauge("fairlead_last_successful_reload_timestamp_seconds",
                                "When the configuration in use was loaded.")};
  Family<Gauge>& generation{
      gauge("fairlead_snapshot_generation", "Generation of what answers are given from.")};
  GaugeSet database_built{gauge("fairlead_geo_database_built_timestamp_seconds",
                                "When the geo database was built by its maker.")};
  GaugeSet database_loaded{
      gauge("fairlead_geo_database_loaded", "Whether the geo database is in use.")};
  Family<Gauge>& zones{gauge("fairlead_zones", "Zones loaded.")};
  Family<Gauge>& names{gauge("fairlead_names", "Names in all zones loaded.")};
  Family<Gauge>& build{gauge("fairlead_build_info", "Always 1; the label is the version.")};
};

Metrics::Metrics(std::string_view version) : state_(std::make_unique<State>()) {
  state_->build.Add({{"version", std::string(version)}}).Set(1);
  state_->reloads.Add({{"result", "ok"}});  // a counter that starts at 0 can be alerted on
  state_->reloads.Add({{"result", "failed"}});
}

Metrics::~Metrics() = default;

void Metrics::watch(const Counters& counters) {
  const std::lock_guard lock(state_->mutex);
  state_->counters.watch(counters);
}

void Metrics::set_endpoints(std::span<const EndpointGauge> endpoints) {
  const std::lock_guard lock(state_->mutex);
  state_->up.clear();
  std::set<FaceKey> present;
  for (const EndpointGauge& endpoint : endpoints) {
    state_->up.add(labels_of(endpoint), endpoint.up ? 1 : 0);
    present.insert(key_of(endpoint));
  }
  std::erase_if(state_->transitions_of, [&](const auto& entry) {
    if (present.contains(entry.first)) return false;
    state_->transitions.Remove(entry.second);
    return true;
  });
}

void Metrics::count_transition(const EndpointGauge& endpoint, std::string_view from,
                               std::string_view to) {
  Labels labels = labels_of(endpoint);
  labels.emplace("from", from);
  labels.emplace("to", to);
  const std::lock_guard lock(state_->mutex);
  const bool known = state_->transitions.Has(labels);
  prometheus::Counter& counter = state_->transitions.Add(labels);
  counter.Increment();
  if (!known) state_->transitions_of.emplace(key_of(endpoint), &counter);
}

void Metrics::observe_probe(std::string_view type, std::chrono::duration<double> took) {
  const std::lock_guard lock(state_->mutex);
  state_->probes.Add({{"type", std::string(type)}}, probe_buckets()).Observe(took.count());
}

void Metrics::count_probe_failure(std::string_view reason) {
  const std::lock_guard lock(state_->mutex);
  state_->probe_failures.Add({{"reason", std::string(reason)}}).Increment();
}

void Metrics::count_reload(bool ok, std::chrono::system_clock::time_point now) {
  const std::lock_guard lock(state_->mutex);
  state_->reloads.Add({{"result", ok ? "ok" : "failed"}}).Increment();
  if (ok) state_->reloaded.Add({}).Set(unix_seconds(now));
}

void Metrics::set_generation(std::uint64_t generation) {
  const std::lock_guard lock(state_->mutex);
  state_->generation.Add({}).Set(static_cast<double>(generation));
}

void Metrics::set_databases(std::span<const DatabaseGauge> databases) {
  const std::lock_guard lock(state_->mutex);
  state_->database_built.clear();
  state_->database_loaded.clear();
  for (const DatabaseGauge& database : databases) {
    const Labels labels{{"path", database.path}, {"type", database.type}};
    state_->database_loaded.add(labels, database.loaded ? 1 : 0);
    if (database.loaded) state_->database_built.add(labels, unix_seconds(database.built));
  }
}

void Metrics::set_loaded(std::size_t zones, std::size_t names) {
  const std::lock_guard lock(state_->mutex);
  state_->zones.Add({}).Set(static_cast<double>(zones));
  state_->names.Add({}).Set(static_cast<double>(names));
}

std::string Metrics::text() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<prometheus::MetricFamily> families = state_->counters.Collect();
  for (auto& family : state_->registry.Collect()) families.push_back(std::move(family));
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, families);
  return out.str();
}

}  // namespace server
