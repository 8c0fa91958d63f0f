#include "server/control/control.h"

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <chrono>
#include <utility>

#include "server/aliases/outside_targets.h"
#include "server/control/alias_event.h"
#include "server/control/health_events.h"
#include "server/control/saved_aliases.h"
#include "server/logging/log.h"

namespace control {
namespace {

using namespace std::chrono_literals;
using dnswire::Family;

constexpr auto kForAliases = 2s;  // until the first answer, behind the first round of checks
constexpr auto kBetweenPublications = 50ms;  // in a storm; the first change goes out at once
constexpr auto kBeforeCollecting = 500ms;  // readers have let go of what is not the latest by then

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 16> room{};
  return {room.data(), std::to_chars(room.data(), room.data() + room.size(), number, 16).ptr};
}

void log_hook(const std::string& sentence, bool bad) {
  bad ? logging::warning(sentence) : logging::info(sentence);
}

}  // namespace

struct Control::Timer {
  explicit Timer(boost::asio::io_context& io) : timer(io), collection(io) {}
  boost::asio::steady_timer timer;
  boost::asio::steady_timer collection;
  std::chrono::steady_clock::time_point last{};  // publication
  bool armed = false;
};

Control::Control(boost::asio::io_context& io, transport::Publisher& publisher,
                 metrics::Metrics& metrics, std::uint64_t seed)
    : publisher_(publisher),
      metrics_(metrics),
      event_prefix_(hexadecimal(seed) + "-"),
      timer_(std::make_unique<Timer>(io)),
      hooks_(io, log_hook),
      supervisor_(
          io, seed,
          {[this](bool at_once) { publish_soon(at_once); },
           [this](const Event& event) { on_event(event); },
           [this](const FaceId& face, const steering::Endpoint& endpoint, std::string_view from,
                  std::string_view to) { count_move(face, endpoint, from, to); }}),
      aliases_(
          io, seed, [this] { on_aliases(); },
          [this](const aliases::Event& event) { on_alias_event(event); }) {}

Control::~Control() = default;

void Control::adopt(Loaded loaded, bool publish_now) {
  loaded_ = std::move(loaded);
  const config::Configuration& configuration = loaded_.configuration;
  hooks_.set_hooks(configuration.options.hooks);
  if (loaded_.database_problems.empty()) end_databases_alarm();
  adopting_ = true;
  supervisor_.adopt(configuration.plan, configuration.roster, configuration.options.probes);
  adopt_aliases();
  adopting_ = false;
  show_loaded();
  if (publish_now) publish();
}

void Control::remember(state::Store::Opened opened) {
  former_aliases_ = from_saved(opened.saved.aliases);
  supervisor_.remember(std::move(opened));
}

void Control::on_aliases() {
  supervisor_.remember_aliases(to_saved(aliases_.save()));
  publish_soon(false);
}

void Control::on_alias_event(const aliases::Event& happened) {
  using Kind = aliases::Event::Kind;
  const Event event = alias_event(happened);
  const std::pair who(happened.name, happened.family);
  if (happened.kind == Kind::Failing || happened.kind == Kind::Gone) {
    alias_alarms_[who] = event.text;
  } else if (happened.kind == Kind::Resolved) {
    alias_alarms_.erase(who);
  }
  on_event(event);
}

void Control::adopt_aliases() {
  const config::Configuration& configuration = loaded_.configuration;
  const std::vector<dnswire::Name> targets =
      aliases::outside_targets(*configuration.plan, *configuration.zones);
  std::erase_if(alias_alarms_, [&](const auto& alarm) {
    return std::ranges::find(targets, alarm.first.first) == targets.end();
  });
  std::vector<aliases::Server> servers;
  for (const config::ListenAddress& resolver : configuration.options.resolvers) {
    servers.push_back({resolver.address, resolver.port, 0});
  }
  aliases_.adopt(targets, std::move(servers), std::exchange(former_aliases_, {}));
}

bool Control::adopt_databases(Loaded loaded) {
  if (loaded.configuration.plan != loaded_.configuration.plan) return false;
  loaded_ = std::move(loaded);
  end_databases_alarm();
  show_loaded();
  publish();
  return true;
}

void Control::end_databases_alarm() {
  if (!std::exchange(databases_alarm_, {}).empty()) on_event(databases_event({}));
}

void Control::refuse_databases(const LoadError& why) {
  std::string text;
  for (const std::string& line : why) text += (text.empty() ? "" : "; ") + line;
  const Event event = databases_event(text);
  databases_alarm_ = event.text;
  on_event(event);
}

std::vector<std::string> Control::alarms() const {
  std::vector<std::string> alarms;
  if (!databases_alarm_.empty()) alarms.push_back(databases_alarm_);
  for (const auto& [who, text] : alias_alarms_) alarms.push_back(text);
  return alarms;
}

void Control::show_loaded() {
  std::vector<metrics::DatabaseGauge> databases;
  for (const std::string& path : loaded_.databases) {
    metrics::DatabaseGauge gauge{path, {}, false, {}};
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
  std::vector<metrics::EndpointFace> faces;
  for (const steering::Endpoint& endpoint : loaded_.configuration.plan->endpoints) {
    for (const Family family : {Family::V4, Family::V6}) {
      if (endpoint.has(family)) faces.push_back({endpoint.zone, endpoint.name, family});
    }
  }
  metrics_.keep_transitions_of(faces);
}

void Control::when_settled(std::function<void()> done) {
  supervisor_.when_settled([this, done = std::move(done)] {
    // They were asked while the checks ran; a moment more is for those that had no checks.
    aliases_.when_settled(kForAliases, [this, done] {
      serving_ = true;
      publish();
      done();
    });
  });
}

void Control::on_event(const Event& event) {
  const bool is_alarm = event.kind == Event::Kind::Alarm;
  if (event.bad) {
    logging::warning(event.text, {{"event", event.what}});
  } else {
    logging::info(event.text, {{"event", event.what}});
  }
  if (event.minor) return;
  const std::string id = event_prefix_ + std::to_string(++event_count_);
  hooks_.post({is_alarm ? hooks::Kind::Alarm : hooks::Kind::Transition, id,
               to_json(event, id, std::chrono::system_clock::now())});
}

void Control::count_move(const FaceId& face, const steering::Endpoint& endpoint,
                         std::string_view from, std::string_view to) {
  if (from != to) metrics_.count_transition({endpoint.zone, endpoint.name, face.family}, from, to);
}

// The first change is published at once, a storm of them at most every kBetweenPublications.
void Control::publish_soon(bool at_once) {
  if (!serving_ || adopting_) return;
  if (at_once) {
    timer_->timer.cancel();
    timer_->armed = false;
    return publish();
  }
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
  snapshot.atlas = loaded_.atlas;
  snapshot.aliases = aliases_.table();
  snapshot.board = std::make_shared<const health::Board>(supervisor_.board());
  snapshot.settings = loaded_.settings;
  snapshot.variants = std::make_shared<const answer::Variants>(answer::Variants::make(
      snapshot.plan, snapshot.atlas, snapshot.board, *publisher_.latest()->variants));
  publisher_.publish(std::make_shared<const answer::Snapshot>(std::move(snapshot)));
  metrics_.set_generation(generation_);
  collect_later();
}

// Frees former Snapshots here, not on a query thread, once readers have let go of them.
void Control::collect_later() {
  timer_->collection.expires_after(kBeforeCollecting);
  timer_->collection.async_wait([this](boost::system::error_code error) {
    if (!error && publisher_.collect() > 0) collect_later();
  });
}

}  // namespace control
