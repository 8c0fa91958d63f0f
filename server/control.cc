#include "server/control.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "server/config/duration.h"
#include "server/log.h"

namespace server {
namespace {

using namespace std::chrono_literals;
using dnswire::Family;
using health::Verdict;

constexpr auto kLongestFirstRound = 3s;
constexpr auto kBetweenPublications = 50ms;  // in a storm; the first change goes out at once
constexpr auto kBeforeCollecting = 500ms;  // readers have let go of what is not the latest by then

std::string ago(health::Instant then) {
  const auto passed = std::chrono::steady_clock::now() - then;
  return config::to_text(std::chrono::floor<std::chrono::seconds>(passed)) + " ago";
}

std::string_view probe_name(health::ProbeType type) {
  switch (type) {
    case health::ProbeType::Tcp:
      return "tcp";
    case health::ProbeType::Http:
      return "http";
    case health::ProbeType::Https:
      return "https";
  }
  return "";
}

}  // namespace

struct Control::Timer {
  explicit Timer(boost::asio::io_context& io) : timer(io), collection(io) {}
  boost::asio::steady_timer timer;
  boost::asio::steady_timer collection;
  std::chrono::steady_clock::time_point last{};  // publication
  bool armed = false;
};

Control::Control(boost::asio::io_context& io, Publisher& publisher, Metrics& metrics,
                 std::uint64_t seed)
    : publisher_(publisher),
      metrics_(metrics),
      timer_(std::make_unique<Timer>(io)),
      engine_(io, seed, [this](const probes::Engine::Report& report) { on_report(report); }) {}

Control::~Control() = default;

void Control::adopt(Loaded loaded, bool publish_now) {
  loaded_ = std::move(loaded);
  index_faces();
  engine_.watch(loaded_.configuration.targets);

  std::vector<DatabaseGauge> databases;
  for (const std::string& path : loaded_.databases) {
    DatabaseGauge gauge{path, {}, false, {}};
    for (const geo::DatabaseInfo& info : loaded_.map->databases()) {
      if (info.path == path) gauge = {path, info.type, true, info.built};
    }
    databases.push_back(std::move(gauge));
  }
  metrics_.set_databases(databases);
  std::size_t names = 0;
  const auto& zones = loaded_.configuration.zones->all();
  for (const auto& zone : zones) names += zone->node_count();
  metrics_.set_loaded(zones.size(), names);
  if (publish_now) publish();
}

void Control::index_faces() {
  const steering::Plan& plan = *loaded_.configuration.plan;
  faces_.assign(loaded_.configuration.targets.size(), {});
  for (std::uint32_t i = 0; i < plan.endpoints.size(); ++i) {
    for (const Family family : {Family::V4, Family::V6}) {
      const auto& face = plan.endpoints[i].face(family);
      if (!face || !face->target) continue;
      faces_[static_cast<std::size_t>(*face->target)].push_back({steering::EndpointId{i}, family});
    }
  }
}

void Control::when_settled(std::function<void()> done) {
  health::Duration limit{0};
  for (const health::Target& target : loaded_.configuration.targets) {
    limit = std::max(limit, target.check.timeout);
  }
  limit = std::min<health::Duration>(limit + 100ms, kLongestFirstRound);
  engine_.when_settled(limit, [this, done = std::move(done)] {
    serving_ = true;
    publish();
    done();
  });
}

void Control::on_report(const probes::Engine::Report& report) {
  metrics_.observe_probe(probe_name(report.what.check.type), report.after.last.took);
  if (!report.after.last.passed) {
    metrics_.count_probe_failure(to_text(report.after.last.reason));
  }
  if (report.before.state != report.after.state) log_transition(report);
  const auto standing = [&](const Verdict& verdict) {
    return health::standing_of(report.what.check, verdict);
  };
  if (serving_ && standing(report.before) != standing(report.after)) publish_soon();
}

void Control::log_transition(const probes::Engine::Report& report) {
  const bool was_served = is_served(report.before.state);
  const bool served = is_served(report.after.state);
  const std::string from(to_text(report.before.state));
  const std::string to(to_text(report.after.state));
  for (const JudgedFace& judged : faces_[static_cast<std::size_t>(report.target)]) {
    const steering::Endpoint& endpoint = (*loaded_.configuration.plan)[judged.endpoint];
    metrics_.count_transition({endpoint.zone, endpoint.name, judged.family, served}, from, to);
    const std::string address = endpoint.face(judged.family)->address.to_text();
    std::string text = "endpoint " + endpoint.name + " (" + address + ") of " + endpoint.zone +
                       ": " + from + " → " + to;
    if (!report.after.last.passed) text += ": " + report.after.last.detail;
    if (!served && was_served) {
      log::warning(text, {{"reason", to_text(report.after.last.reason)}});
    } else {
      log::info(text);
    }
  }
}

// The first change is published at once, a storm of them at most every kBetweenPublications.
void Control::publish_soon() {
  if (timer_->armed) return;
  const auto due = timer_->last + kBetweenPublications;
  if (due <= std::chrono::steady_clock::now()) return publish();
  timer_->armed = true;
  timer_->timer.expires_at(due);
  timer_->timer.async_wait([this](boost::system::error_code error) {
    if (error) return;
    timer_->armed = false;
    publish();
  });
}

void Control::publish() {
  timer_->last = std::chrono::steady_clock::now();
  answer::Snapshot snapshot;
  snapshot.generation = ++generation_;
  snapshot.zones = loaded_.configuration.zones;
  snapshot.plan = loaded_.configuration.plan;
  snapshot.map = loaded_.map;
  snapshot.board = std::make_shared<const health::Board>(engine_.board());
  snapshot.settings = loaded_.settings;
  publisher_.publish(std::make_shared<const answer::Snapshot>(std::move(snapshot)));
  metrics_.set_generation(generation_);
  show_endpoints();
  collect_later();
}

// Frees former Snapshots here, not on a query thread, once readers have let go of them.
void Control::collect_later() {
  timer_->collection.expires_after(kBeforeCollecting);
  timer_->collection.async_wait([this](boost::system::error_code error) {
    if (!error && publisher_.collect() > 0) collect_later();
  });
}

void Control::show_endpoints() {
  std::vector<EndpointGauge> gauges;
  for (const steering::Endpoint& endpoint : loaded_.configuration.plan->endpoints) {
    for (const Family family : {Family::V4, Family::V6}) {
      const auto& face = endpoint.face(family);
      if (!face) continue;
      const bool up = !face->target || is_served(engine_.verdict(*face->target).state);
      gauges.push_back({endpoint.zone, endpoint.name, family, up});
    }
  }
  metrics_.set_endpoints(gauges);
}

std::string Control::verdict_text(health::TargetId target) const {
  const Verdict& verdict = engine_.verdict(target);
  if (verdict.last.started == health::Instant{}) return "no result yet";
  const std::string when = ago(verdict.last.started);
  const auto& thresholds = engine_.targets()[static_cast<std::size_t>(target)].check.thresholds;
  if (verdict.last.passed) {
    const bool recovering = verdict.state == health::State::Recovering;
    return recovering ? std::to_string(verdict.successes) + " of " +
                            std::to_string(thresholds.rise) + " successes, the last " + when
                      : "passed " + when;
  }
  std::string text = verdict.last.detail + ", " + when;
  if (verdict.state == health::State::Failing) {
    text += ", " + std::to_string(verdict.failures) + " of " + std::to_string(thresholds.fall) +
            " failures";
  }
  return text;
}

}  // namespace server
