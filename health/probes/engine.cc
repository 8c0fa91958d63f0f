#include "health/probes/engine.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <string>
#include <unordered_map>
#include <utility>

#include "health/pacer.h"
#include "health/probes/agenda.h"
#include "health/probes/beginning.h"
#include "health/probes/lease.h"
#include "health/probes/places.h"
#include "health/probes/probe.h"

namespace probes {
namespace {

namespace asio = boost::asio;
using health::Duration;
using health::Instant;
using health::Observation;
using health::ProbeType;
using health::Target;
using health::TargetId;
using health::Verdict;
using std::chrono::steady_clock;
using Targets = std::shared_ptr<const std::vector<Target>>;

constexpr Duration kLate{100};

// One target and what is known of it. It is in one of four places: on the agenda, in line for a
// place, in flight, or waiting for a former self that is still in flight.
struct Watched {
  Watched(std::shared_ptr<const Target> what_, TargetId id_, const health::Watch& watch_)
      : what(std::move(what_)), id(id_), watch(watch_) {}

  std::shared_ptr<const Target> what;
  TargetId id;
  health::Watch watch;
  std::optional<Lease> lease;            // of heartbeats, which are not probed
  std::shared_ptr<health::Pacer> pacer;  // of its address; null: not paced
  Instant due{};                         // the next probe
  Duration late{};                       // the probe in flight
  bool paced = false;                    // the pacer has set `due`
  bool settled = false;                  // counted as having a verdict
  bool in_flight = false;
  bool gone = false;
  std::optional<Instant> planned;  // on the agenda
  asio::cancellation_signal stop;
  std::vector<std::shared_ptr<Watched>> heirs;  // equal targets that wait until it has stopped
};

bool is_paced(const Target& target) {
  return target.check.type != ProbeType::Exec && target.check.type != ProbeType::Heartbeat;
}

Duration gap_of(std::uint32_t starts_per_second) {
  if (starts_per_second == 0) return Duration{0};
  return Duration{1000} / static_cast<Duration::rep>(starts_per_second);
}

// Someone who waits for all first results. The timer's handler alone calls `done`, so that it is
// never called from inside when_settled() or watch().
struct Waiting {
  asio::steady_timer timer;
  std::function<void()> done;
};

}  // namespace

// Handlers hold the State: it outlives the Engine until they have run.
struct Engine::State : std::enable_shared_from_this<Engine::State> {
  State(asio::io_context& io_, std::uint64_t seed_, OnReport on_report_)
      : io(io_),
        seed(seed_),
        on_report(std::move(on_report_)),
        tools(make_tools(io.get_executor())),
        timer(io) {}

  // The agenda.
  void plan(const std::shared_ptr<Watched>& who, Instant when);
  void unplan(const std::shared_ptr<Watched>& who);
  void set_timer();
  void run_due();

  // One probe, from due to judged.
  void begin(const std::shared_ptr<Watched>& who, Instant now);
  void start(const std::shared_ptr<Watched>& who);
  void start_those_in_line();
  void finish(const std::shared_ptr<Watched>& who, const std::exception_ptr& bug,
              Observation observation);
  void judge(const std::shared_ptr<Watched>& who, Observation observation, Instant now);
  void expire(const std::shared_ptr<Watched>& who, Instant now);
  void renew(const std::shared_ptr<Watched>& who);

  // What is watched.
  void replace(Targets after, std::span<const std::optional<TargetId>> former,
               std::vector<std::optional<Remembered>> remembered);
  [[nodiscard]] std::shared_ptr<Watched> make_watched(std::size_t index, Instant first);
  void give_pacers();
  void index_heartbeats();
  void stop(const std::shared_ptr<Watched>& who);
  void stop_all();
  void bury(const std::shared_ptr<Watched>& who);

  // Who waits for first results.
  void note_settled(Watched& who);
  void count_unsettled();
  void wait_for_all(Duration limit, std::function<void()> done);
  void wake_if_settled();

  asio::io_context& io;
  std::uint64_t seed;
  OnReport on_report;
  Options options;
  std::shared_ptr<Tools> tools;
  Targets targets = std::make_shared<const std::vector<Target>>();  // by TargetId, as are
  std::vector<std::shared_ptr<Watched>> watched;                    // these
  std::vector<std::shared_ptr<Watched>> leaving;                    // gone, but still in flight
  std::unordered_multimap<std::string_view, std::shared_ptr<Watched>> heartbeats;  // by address
  Agenda<std::shared_ptr<Watched>> agenda;
  asio::steady_timer timer;
  Instant timer_at = Instant::max();  // max: not set
  Places<std::shared_ptr<Watched>> places{options.max_in_flight};
  std::vector<std::shared_ptr<Waiting>> waiting;
  std::size_t unsettled = 0;
  std::uint64_t started = 0;
  std::uint64_t late = 0;
  bool stopped = false;
};

void Engine::State::plan(const std::shared_ptr<Watched>& who, Instant when) {
  unplan(who);
  agenda.add(who, when);
  who->planned = when;
}

void Engine::State::unplan(const std::shared_ptr<Watched>& who) {
  if (who->planned) agenda.remove(who, *std::exchange(who->planned, std::nullopt));
}

// One timer for all. One that finds nobody due does no harm.
void Engine::State::set_timer() {
  const Instant turn = agenda.next_turn();
  if (turn == Instant::max()) {
    timer_at = turn;
    timer.cancel();
    return;
  }
  if (turn >= timer_at) return;
  timer_at = turn;
  timer.expires_at(timer_at);
  timer.async_wait([state = shared_from_this()](const boost::system::error_code& error) {
    if (error) return;
    state->timer_at = Instant::max();
    state->run_due();
  });
}

// Those that come due meanwhile have the next turn, after the sockets have had theirs. A report may
// stop everything or call watch().
void Engine::State::run_due() {
  const Instant now = steady_clock::now();
  while (std::optional<std::shared_ptr<Watched>> due = agenda.take(now)) {
    const std::shared_ptr<Watched>& who = *due;
    who->planned.reset();
    if (who->lease) {
      expire(who, now);
    } else {
      begin(who, now);
    }
  }
  if (!stopped) set_timer();
}

void Engine::State::begin(const std::shared_ptr<Watched>& who, Instant now) {
  if (who->pacer && !std::exchange(who->paced, true)) {
    const Instant paced = who->pacer->take(now);
    if (paced > now) {
      who->due = paced;
      plan(who, paced);
      return;
    }
  }
  const auto former = std::find_if(leaving.begin(), leaving.end(),
                                   [&](const auto& other) { return *other->what == *who->what; });
  if (former != leaving.end()) {
    (*former)->heirs.push_back(who);
  } else if (places.take(who)) {
    start(who);
  }
}

void Engine::State::start(const std::shared_ptr<Watched>& who) {
  const Instant now = steady_clock::now();
  who->late = std::chrono::duration_cast<Duration>(std::max(now - who->due, {}));
  ++started;
  if (who->late > kLate) ++late;
  who->watch.start(now);
  who->paced = false;
  who->in_flight = true;
  // The handler holds `who` because it must outlive the cancellation slot bound to it.
  auto finished = [state = shared_from_this(), who](const std::exception_ptr& bug,
                                                    Observation observation) {
    state->finish(who, bug, std::move(observation));
  };
  asio::co_spawn(io, probe(who->what, tools),
                 asio::bind_cancellation_slot(who->stop.slot(), std::move(finished)));
}

void Engine::State::start_those_in_line() {
  while (const std::optional<std::shared_ptr<Watched>> next = places.next()) start(*next);
}

void Engine::State::finish(const std::shared_ptr<Watched>& who, const std::exception_ptr& bug,
                           Observation observation) {
  who->in_flight = false;
  places.give_back();
  if (stopped) return;
  if (who->gone) bury(who);
  start_those_in_line();
  if (who->gone) return;
  if (bug) {  // no memory
    observation = Observation{};
    observation.reason = health::Reason::Resource;
    observation.detail = "the probe could not be run";
    observation.started = who->due;
  }
  judge(who, std::move(observation), steady_clock::now());
}

// The report comes last: it may call watch() or destroy the Engine.
void Engine::State::judge(const std::shared_ptr<Watched>& who, Observation observation,
                          Instant now) {
  const std::shared_ptr<const Target> what = who->what;
  const Verdict before = who->watch.record(what->check, std::move(observation), now);
  who->due = std::max(who->watch.next(), now);
  plan(who, who->lease ? who->lease->ends() : who->due);
  set_timer();
  note_settled(*who);
  const Verdict after = who->watch.verdict();  // it may be pardoned meanwhile
  if (on_report) on_report({who->id, *what, before, after, who->late});
}

void Engine::State::expire(const std::shared_ptr<Watched>& who, Instant now) {
  judge(who, who->lease->expire(now), now);
}

void Engine::State::renew(const std::shared_ptr<Watched>& who) {
  const Instant now = steady_clock::now();
  judge(who, who->lease->renew(now), now);
}

void Engine::State::replace(Targets after, std::span<const std::optional<TargetId>> former,
                            std::vector<std::optional<Remembered>> remembered) {
  const Instant now = steady_clock::now();
  std::vector<std::shared_ptr<Watched>> before = std::exchange(watched, {});
  targets = std::move(after);
  watched.resize(targets->size());
  std::vector<std::size_t> added;
  for (std::size_t i = 0; i < watched.size(); ++i) {
    if (i < former.size() && former[i]) {
      watched[i] = std::exchange(before.at(static_cast<std::size_t>(*former[i])), nullptr);
    }
    if (!watched[i]) {
      added.push_back(i);
      continue;
    }
    watched[i]->id = TargetId{static_cast<std::uint32_t>(i)};
    watched[i]->what = {targets, &(*targets)[i]};
  }
  std::erase(before, nullptr);
  std::unordered_map<std::string_view, const Watched*> fallen;
  for (const auto& who : before) {
    stop(who);
    if (!health::is_served(who->watch.verdict().state)) fallen.emplace(who->what->address, &*who);
  }
  places.leave_if([](const auto& who) { return who->gone; });

  for (std::size_t k = 0; k < added.size(); ++k) {
    const std::size_t i = added[k];
    const Target& what = (*targets)[i];
    watched[i] = make_watched(i, now + first_start(what.check.interval, k, added.size()));
    if (const auto down = fallen.find(what.address); down != fallen.end()) {
      watched[i]->watch.restore(
          one_success_short_of_up(down->second->watch.verdict(), what.check.thresholds, now), {});
    } else if (i < remembered.size() && remembered[i]) {
      watched[i]->watch.restore(remembered[i]->verdict, remembered[i]->results);
    }
  }
  give_pacers();
  index_heartbeats();
  count_unsettled();
  set_timer();
}

std::shared_ptr<Watched> Engine::State::make_watched(std::size_t index, Instant first) {
  const Target& what = (*targets)[index];
  const health::CheckSpec& check = what.check;
  // The slot of the first start lies in the past, by the target's phase.
  const Instant slot = first - phase_of(check.interval, seed, index);
  const auto who = std::make_shared<Watched>(std::shared_ptr<const Target>(targets, &what),
                                             TargetId{static_cast<std::uint32_t>(index)},
                                             health::Watch(check, seed, index, slot));
  who->due = first;
  if (check.type == ProbeType::Heartbeat) who->lease.emplace(check.interval, first);
  plan(who, who->lease ? who->lease->ends() : first);
  return who;
}

// One for each address. Those of targets that stay are kept: they know when the last start was.
void Engine::State::give_pacers() {
  std::unordered_map<std::string_view, std::shared_ptr<health::Pacer>> by_address;
  for (const auto& who : watched)
    if (who->pacer) by_address.emplace(who->what->address, who->pacer);
  for (const auto& who : watched) {
    if (who->pacer || !is_paced(*who->what)) continue;
    std::shared_ptr<health::Pacer>& pacer = by_address[who->what->address];
    if (!pacer) pacer = std::make_shared<health::Pacer>(gap_of(options.starts_per_address));
    who->pacer = pacer;
  }
}

void Engine::State::index_heartbeats() {
  heartbeats.clear();
  for (const auto& who : watched)
    if (who->lease) heartbeats.emplace(who->what->address, who);
}

void Engine::State::stop(const std::shared_ptr<Watched>& who) {
  who->gone = true;
  unplan(who);
  if (!who->in_flight) return;
  leaving.push_back(who);
  who->stop.emit(asio::cancellation_type::terminal);
}

void Engine::State::stop_all() {
  stopped = true;
  for (const auto& who : watched) stop(who);
  places.leave_if([](const auto&) { return true; });
  agenda.clear();
  timer.cancel();
  for (const auto& each : waiting) each->timer.cancel();
  close(*tools);
}

// A target that was gone has stopped: the equal one that came meanwhile may start.
void Engine::State::bury(const std::shared_ptr<Watched>& who) {
  std::erase(leaving, who);
  for (const auto& heir : std::exchange(who->heirs, {}))
    if (!heir->gone) begin(heir, steady_clock::now());
}

void Engine::State::note_settled(Watched& who) {
  if (who.settled || who.lease || who.watch.verdict().state == health::State::Unknown) return;
  who.settled = true;
  --unsettled;
  wake_if_settled();
}

void Engine::State::count_unsettled() {
  unsettled = 0;
  for (const auto& who : watched) {
    who->settled = who->lease || who->watch.verdict().state != health::State::Unknown;
    if (!who->settled) ++unsettled;
  }
  wake_if_settled();
}

void Engine::State::wake_if_settled() {
  if (unsettled > 0) return;
  for (const auto& each : waiting) each->timer.cancel();
}

void Engine::State::wait_for_all(Duration limit, std::function<void()> done) {
  const auto entry =
      std::make_shared<Waiting>(Waiting{asio::steady_timer(io, limit), std::move(done)});
  waiting.push_back(entry);
  entry->timer.async_wait([state = shared_from_this(), entry](const boost::system::error_code&) {
    std::erase(state->waiting, entry);
    if (!state->stopped) entry->done();
  });
  wake_if_settled();
}

Engine::Engine(asio::io_context& io, std::uint64_t seed, OnReport on_report)
    : state_(std::make_shared<State>(io, seed, std::move(on_report))) {}

Engine::~Engine() { state_->stop_all(); }

void Engine::set_options(const Options& options) {
  state_->options = options;
  const health::Pacer pacer(gap_of(options.starts_per_address));
  for (const auto& who : state_->watched)
    if (who->pacer) *who->pacer = pacer;
  state_->places.resize(std::max<std::size_t>(options.max_in_flight, 1));
  state_->start_those_in_line();
}

void Engine::watch(std::shared_ptr<const std::vector<Target>> targets,
                   std::span<const std::optional<TargetId>> former,
                   std::vector<std::optional<Remembered>> remembered) {
  forget_files(*state_->tools);
  state_->replace(std::move(targets), former, std::move(remembered));
}

void Engine::watch(std::vector<Target> targets, std::span<const std::optional<TargetId>> former,
                   std::vector<std::optional<Remembered>> remembered) {
  watch(std::make_shared<const std::vector<Target>>(std::move(targets)), former,
        std::move(remembered));
}

void Engine::when_settled(Duration limit, std::function<void()> done) {
  state_->wait_for_all(limit, std::move(done));
}

std::span<const Target> Engine::targets() const noexcept { return *state_->targets; }

const Verdict& Engine::verdict(TargetId target) const noexcept {
  return state_->watched[static_cast<std::size_t>(target)]->watch.verdict();
}

std::vector<health::Result> Engine::results(TargetId target) const {
  return state_->watched[static_cast<std::size_t>(target)]->watch.results();
}

void Engine::pardon(TargetId target) {
  Watched& who = *state_->watched[static_cast<std::size_t>(target)];
  who.watch.pardon(steady_clock::now());
  state_->note_settled(who);
}

Engine::Beat Engine::beat(std::string_view address, std::string_view token) {
  const std::shared_ptr<State> state = state_;  // a report may destroy the Engine
  const auto [first, last] = state->heartbeats.equal_range(address);
  if (first == last) return Beat::NoSuchTarget;
  std::vector<std::shared_ptr<Watched>> renewed;
  for (auto each = first; each != last; ++each)
    if (is_secret(each->second->what->check.token, token)) renewed.push_back(each->second);
  for (const auto& who : renewed)
    if (!who->gone) state->renew(who);
  return renewed.empty() ? Beat::WrongToken : Beat::Renewed;
}

Engine::Counters Engine::counters() const noexcept {
  return {state_->places.taken(), state_->places.waiting(), state_->started, state_->late};
}

}  // namespace probes
