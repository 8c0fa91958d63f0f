#include "server/control/supervisor.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "server/control/health_events.h"

namespace control {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using dnswire::Family;
using health::Monitor;
using health::SubjectId;
using health::TargetId;
using health::Verdict;
using std::chrono::steady_clock;

constexpr auto kLongestFirstRound = 3s;
constexpr auto kBetweenTouches = 10s;
constexpr int kTouchesBetweenRings = 30;  // the rings of results are written so rarely
constexpr auto kLastMinutes = 5min;       // of an override, when TTLs have to shrink with it ...
constexpr auto kBetweenBoards = 5s;       // ... so often

constexpr std::size_t kFewestInFlight = 64;  // probes, unless the configuration says otherwise
constexpr std::size_t kMostInFlight = 4096;

template <class Id>
std::size_t index_of(Id id) noexcept {
  return static_cast<std::size_t>(id);
}

// A quarter of the descriptors: clients and files need some, too.
std::size_t usual_in_flight() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kFewestInFlight;
  return std::clamp<std::size_t>(limit.rlim_cur / 4, kFewestInFlight, kMostInFlight);
}

bool same_count(const Verdict& a, const Verdict& b) noexcept {
  return a.state == b.state && a.failures == b.failures && a.successes == b.successes;
}

}  // namespace

struct Supervisor::Timers {
  explicit Timers(asio::io_context& io) : expiry(io), state(io) {}
  asio::steady_timer expiry;
  asio::steady_timer state;
  int touches = 0;
};

Supervisor::Supervisor(asio::io_context& io, std::uint64_t seed, Outlets outlets)
    : outlets_(std::move(outlets)),
      plan_(std::make_shared<const steering::Plan>()),
      roster_(std::make_shared<const health::Roster>()),
      index_(std::make_unique<EndpointIndex>(*plan_, 0)),
      io_(io),
      timers_(std::make_unique<Timers>(io)),
      engine_(io, seed, [this](const probes::Engine::Report& report) { on_report(report); }) {}

Supervisor::~Supervisor() { close(); }

void Supervisor::close() {
  save_all();
  timers_->state.cancel();
  store_.reset();
}

void Supervisor::remember(state::Store::Opened opened) {
  store_ = std::move(opened.store);
  overrides_.set(std::move(opened.saved.overrides));
  if (still_count(opened.saved.alive, Clocks::now())) {
    for (state::SavedVerdict& verdict : opened.saved.verdicts) {
      std::string key = verdict.key;
      saved_.emplace(std::move(key), std::move(verdict));
    }
  }
  keep_state();
}

void Supervisor::adopt(std::shared_ptr<const steering::Plan> plan,
                       std::shared_ptr<const health::Roster> roster,
                       const config::ProbeOptions& options) {
  const auto former_targets = health::match_targets(roster_->targets, roster->targets);
  auto index = std::make_unique<EndpointIndex>(*plan, roster->subjects.size());
  const auto former_subjects = index->match(*index_);

  std::vector<std::optional<probes::Engine::Remembered>> remembered(roster->targets.size());
  keys_.clear();
  const Clocks clocks = Clocks::now();
  for (std::size_t i = 0; i < roster->targets.size(); ++i) {
    keys_.push_back(state::key_of(roster->targets[i]));
    const auto found = saved_.find(keys_.back());
    if (found != saved_.end()) remembered[i] = from_saved(found->second, clocks);
  }
  saved_.clear();
  engine_.set_options(
      {options.in_flight != 0 ? options.in_flight : usual_in_flight(), options.per_address});
  engine_.watch({roster, &roster->targets}, former_targets, std::move(remembered));

  std::vector<std::int64_t> changed(roster->subjects.size());
  for (std::size_t i = 0; i < changed.size(); ++i) {
    if (former_subjects[i]) changed[i] = changed_[index_of(*former_subjects[i])];
  }
  changed_ = std::move(changed);
  std::vector<bool> warned(roster->targets.size());
  for (std::size_t i = 0; i < warned.size(); ++i) {
    if (former_targets[i]) warned[i] = certificate_warned_[index_of(*former_targets[i])];
  }
  certificate_warned_ = std::move(warned);
  plan_ = std::move(plan);
  roster_ = std::move(roster);
  index_ = std::move(index);

  std::vector<const Verdict*> verdicts;
  verdicts.reserve(roster_->targets.size());
  for (std::uint32_t i = 0; i < roster_->targets.size(); ++i) {
    verdicts.push_back(&engine_.verdict(TargetId{i}));
  }
  take(monitor_.adopt(roster_, verdicts, former_subjects, clocks.steady));
  apply_overrides();
  await_expiry();
  if (store_) store_->keep_only(keys_);
}

void Supervisor::remember_aliases(std::vector<state::SavedAlias> aliases) {
  if (store_) store_->save_aliases(std::move(aliases));
}

void Supervisor::when_settled(std::function<void()> done) {
  health::Duration limit{0};
  for (const health::Target& target : roster_->targets) {
    if (target.check.type == health::ProbeType::Heartbeat) continue;
    limit = std::max(limit, target.check.timeout);
  }
  limit = std::min<health::Duration>(limit + 100ms, kLongestFirstRound);
  engine_.when_settled(limit, std::move(done));
}

health::Board Supervisor::board() const { return monitor_.board(steady_clock::now()); }

probes::Engine::Beat Supervisor::beat(std::string_view address, std::string_view token) {
  return engine_.beat(address, token);
}

std::string Supervisor::state_problem() const { return store_ ? store_->problem() : no_store_; }

void Supervisor::on_report(const probes::Engine::Report& report) {
  statistics_.count(report.what.check.type, report.after.last, report.late);
  watch_certificate(report);
  take(monitor_.record(report.target, report.before, report.after, steady_clock::now()));
  if (!same_count(report.before, engine_.verdict(report.target))) save(report.target);
}

void Supervisor::take(const Monitor::Changes& changes, bool at_once) {
  for (const TargetId target : changes.pardoned) {
    engine_.pardon(target);
    save(target);
  }
  for (const auto& change : changes.uplinks) outlets_.happened(isolation_event(change));
  if (!changes.uplinks.empty()) save_all();
  for (const auto& change : changes.subjects) tell_subject(change);
  for (const auto& change : changes.groups) tell_group(change);
  if (changes.board) outlets_.board_changed(at_once);
}

// What the newest results of a subject's checks say, as far as they did not pass.
std::string Supervisor::why(SubjectId id) const {
  const health::Subject& subject = roster_->subjects[index_of(id)];
  std::string text;
  for (const auto& part : subject.checks) {
    const health::Observation& last = engine_.verdict(part.target).last;
    if (last.passed || last.started == health::Instant{}) continue;
    if (!text.empty()) text += "; ";
    if (subject.checks.size() > 1) text += part.name + ": ";
    text += last.detail;
  }
  return text;
}

void Supervisor::tell_subject(const Monitor::SubjectChange& change) {
  changed_[index_of(change.subject)] = Clocks::now().wall;
  const std::string reason = change.after.state == health::State::Up ? "" : why(change.subject);
  for (const FaceId& face : index_->faces(change.subject)) {
    const steering::Endpoint& endpoint = (*plan_)[face.endpoint];
    outlets_.moved(face, endpoint, to_text(change.before), to_text(change.after));
    outlets_.happened(endpoint_event(endpoint, face, change, reason));
  }
}

void Supervisor::tell_group(const Monitor::GroupChange& change) {
  for (const steering::Pool& pool : plan_->pools) {
    for (const Family family : {Family::V4, Family::V6}) {
      if (pool.groups[static_cast<std::size_t>(family)] != change.group) continue;
      outlets_.happened(origin_event(pool, family, change.origin_down));
    }
  }
}

// Once when it comes near its end, and once more when there is a better one.
void Supervisor::watch_certificate(const probes::Engine::Report& report) {
  const auto ends = report.after.last.certificate_ends;
  if (!ends) return;
  const std::chrono::seconds left(*ends - Clocks::now().wall / 1000);
  const bool soon = left < report.what.check.tls.warn_before;
  std::vector<bool>::reference warned = certificate_warned_[index_of(report.target)];
  if (warned == soon) return;
  warned = soon;
  outlets_.happened(certificate_event(report.what, endpoints_of(report.target), left, soon));
}

std::vector<std::string> Supervisor::certificate_alarms() const {
  std::vector<std::string> alarms;
  const std::int64_t now = Clocks::now().wall / 1000;
  for (std::uint32_t i = 0; i < certificate_warned_.size(); ++i) {
    const TargetId id{i};
    const auto ends = engine_.verdict(id).last.certificate_ends;
    if (!certificate_warned_[i] || !ends) continue;
    const std::chrono::seconds left(*ends - now);
    alarms.push_back(certificate_event(roster_->targets[i], endpoints_of(id), left, true).text);
  }
  return alarms;
}

// "tokyo of example.org, ...": whose checks look at a target.
std::string Supervisor::endpoints_of(TargetId target) const {
  std::string text;
  for (std::uint32_t i = 0; i < roster_->subjects.size(); ++i) {
    const auto& checks = roster_->subjects[i].checks;
    const bool looks = std::any_of(checks.begin(), checks.end(),
                                   [target](const auto& part) { return part.target == target; });
    const auto faces = index_->faces(SubjectId{i});
    if (!looks || faces.empty()) continue;
    const steering::Endpoint& endpoint = (*plan_)[faces.front().endpoint];
    text += (text.empty() ? "" : ", ") + endpoint.name + " of " + endpoint.zone;
  }
  return text;
}

void Supervisor::put(health::Override override, std::function<void(Taken)> done) {
  Taken taken{index_->matching(override), {}};
  overrides_.put(override);
  outlets_.happened(override_event(override, OverrideTurn::Made));
  apply_overrides();
  await_expiry();
  if (!store_) {
    taken.problem = no_store_;
    return done(std::move(taken));
  }
  store_->put(std::move(override), [&io = io_, taken, done](std::string problem) mutable {
    taken.problem = std::move(problem);
    asio::post(io, [taken = std::move(taken), done = std::move(done)] { done(taken); });
  });
}

bool Supervisor::erase(const std::string& target, health::OverrideKind kind,
                       std::function<void(Taken)> done) {
  const auto erased = overrides_.erase(target, kind);
  if (!erased) return false;
  Taken taken{index_->matching(*erased), {}};
  outlets_.happened(override_event(*erased, OverrideTurn::TakenBack));
  apply_overrides();
  await_expiry();
  if (!store_) {
    done(std::move(taken));
    return true;
  }
  store_->erase(erased->target, kind, [&io = io_, taken, done](std::string problem) mutable {
    taken.problem = std::move(problem);
    asio::post(io, [taken = std::move(taken), done = std::move(done)] { done(taken); });
  });
  return true;
}

void Supervisor::apply_overrides() {
  const Clocks clocks = Clocks::now();
  take(monitor_.force(overrides_.resolve(*index_, *plan_, roster_->subjects.size(), clocks),
                      clocks.steady),
       true);
}

// Toward its end the TTLs that rest on an override shrink: new boards, until it is over.
void Supervisor::await_expiry() {
  const auto next = overrides_.next_expiry();
  timers_->expiry.cancel();
  if (!next) return;
  const auto left = std::chrono::milliseconds(*next * 1000 - Clocks::now().wall);
  const bool last_minutes = left < kLastMinutes;
  std::chrono::milliseconds pause = left - kLastMinutes;
  if (last_minutes) pause = std::clamp<std::chrono::milliseconds>(left, 0ms, kBetweenBoards);
  timers_->expiry.expires_after(pause);
  timers_->expiry.async_wait([this](boost::system::error_code error) {
    if (error) return;
    const auto over = overrides_.expire(Clocks::now().wall / 1000);
    for (const health::Override& each : over) {
      outlets_.happened(override_event(each, OverrideTurn::Expired));
      if (store_) store_->erase(each.target, each.kind(), [](const std::string&) {});
    }
    if (!over.empty()) apply_overrides();
    outlets_.board_changed(false);
    await_expiry();
  });
}

// A target whose results do not count is remembered as it will be judged again: up.
state::SavedVerdict Supervisor::saved(TargetId target, const Clocks& clocks) const {
  Verdict verdict = engine_.verdict(target);
  if (monitor_.holds(target)) {
    verdict.state = health::State::Up;
    verdict.failures = verdict.successes = 0;
  }
  return to_saved(keys_[index_of(target)], verdict, engine_.results(target), clocks);
}

void Supervisor::save(TargetId target) {
  if (store_) store_->save({saved(target, Clocks::now())});
}

void Supervisor::save_all() {
  if (!store_) return;
  const Clocks clocks = Clocks::now();
  std::vector<state::SavedVerdict> all;
  all.reserve(keys_.size());
  for (std::uint32_t i = 0; i < keys_.size(); ++i) {
    if (engine_.verdict(TargetId{i}).state == health::State::Unknown) continue;
    all.push_back(saved(TargetId{i}, clocks));
  }
  store_->save(std::move(all));
  store_->touch(clocks.wall);
}

// Says that verdicts are confirmed, and looks after the store.
void Supervisor::keep_state() {
  timers_->state.expires_after(kBetweenTouches);
  timers_->state.async_wait([this](boost::system::error_code error) {
    if (error) return;
    if (++timers_->touches % kTouchesBetweenRings == 0) save_all();
    store_->touch(Clocks::now().wall);
    const std::string problem = store_->problem();
    if (problem.empty() != state_alarm_.empty()) {
      outlets_.happened(state_event(problem));
    }
    state_alarm_ = problem;
    keep_state();
  });
}

}  // namespace control
