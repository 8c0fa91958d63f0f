#include "server/metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>
#include <vector>

#include "server/metrics/counter_families.h"

namespace metrics {
namespace {

using prometheus::Family;
using prometheus::Gauge;
using prometheus::Labels;

using FaceKey = std::tuple<std::string, std::string, dnswire::Family>;

FaceKey key_of(const EndpointFace& face) { return {face.zone, face.endpoint, face.family}; }

Labels labels_of(const EndpointFace& face) {
  return {{"zone", face.zone},
          {"endpoint", face.endpoint},
          {"family", face.family == dnswire::Family::V4 ? "ipv4" : "ipv6"}};
}

double unix_seconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
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

  mutable std::mutex mutex;  // one update or one scrape at a time: no scrape sees half a set
  CounterFamilies counters;
  prometheus::Registry registry;
  Family<prometheus::Counter>& transitions{
      counter("fairlead_endpoint_transitions_total", "Changes of an endpoint's health.")};
  std::multimap<FaceKey, prometheus::Counter*> transitions_of;
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

void Metrics::keep_transitions_of(std::span<const EndpointFace> endpoints) {
  std::set<FaceKey> present;
  for (const EndpointFace& endpoint : endpoints) present.insert(key_of(endpoint));
  const std::lock_guard lock(state_->mutex);
  std::erase_if(state_->transitions_of, [&](const auto& entry) {
    if (present.contains(entry.first)) return false;
    state_->transitions.Remove(entry.second);
    return true;
  });
}

void Metrics::count_transition(const EndpointFace& endpoint, std::string_view from,
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

}  // namespace metrics
