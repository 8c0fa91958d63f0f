#include "health/probes/engine.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <unordered_map>
#include <utility>

#include "health/probes/places.h"
#include "health/probes/probe.h"
#include "health/probes/tls.h"
#include "health/schedule.h"

namespace probes {
namespace {

namespace asio = boost::asio;
using health::Duration;
using health::Instant;
using health::Target;
using health::TargetId;
using health::Verdict;
using std::chrono::steady_clock;

// Sockets open at once; far below the usual limit of 1024 descriptors.
constexpr std::size_t kMaxInFlight = 256;
// More new targets than this are not all probed in the same instant ...
constexpr std::size_t kMaxAtOnce = 64;
// ... but spread over this long.
constexpr Duration kSpread{500};

// One target and what is known of it; shared by the list and by the coroutine that probes it.
struct Watch {
  Watch(Target what_, TargetId id_, const health::Schedule& schedule_)
      : what(std::move(what_)), id(id_), schedule(schedule_) {}

  Target what;
  TargetId id;
  health::Schedule schedule;
  Verdict verdict;
  bool gone = false;
  asio::cancellation_signal stop;
};

void stop(Watch& watch) {
  watch.gone = true;
  watch.stop.emit(asio::cancellation_type::terminal);
}

Instant first_start(const Target& target, Instant now, std::size_t index, std::size_t count) {
  if (count <= kMaxAtOnce) return now;
  const Duration span = std::min(target.check.interval, kSpread);
  return now + span * static_cast<Duration::rep>(index) / static_cast<Duration::rep>(count);
}

// Someone who waits for all first results. The timer's handler alone calls `done`, so that it is
// never called from inside when_settled() or watch().
struct Waiting {
  asio::steady_timer timer;
  std::function<void()> done;
};

}  // namespace

struct Engine::State {
  State(asio::io_context& io_, std::uint64_t seed_, OnReport on_report_)
      : io(io_), seed(seed_), on_report(std::move(on_report_)) {}

  static void start(const std::shared_ptr<State>& state, const std::shared_ptr<Watch>& watch);
  static asio::awaitable<void> run(std::shared_ptr<State> state, std::shared_ptr<Watch> watch);
  static asio::awaitable<void> probe_once(std::shared_ptr<State> state,
                                          std::shared_ptr<Watch> watch);
  static void wait_for_all(const std::shared_ptr<State>& state, Duration limit,
                           std::function<void()> done);
  void judge(Watch& watch, health::Observation observation);
  [[nodiscard]] bool is_settled() const;
  void wake_if_settled();
  void stop_all();

  asio::io_context& io;
  std::uint64_t seed;
  OnReport on_report;
  std::vector<Target> targets;                  // by TargetId, as are
  std::vector<std::shared_ptr<Watch>> watches;  // these
  std::shared_ptr<TlsContexts> tls = std::make_shared<TlsContexts>();
  Places places{kMaxInFlight};
  std::vector<std::shared_ptr<Waiting>> waiting;
  bool stopped = false;
};

void Engine::State::start(const std::shared_ptr<State>& state,
                          const std::shared_ptr<Watch>& watch) {
  // The handler holds the watch because it must outlive the cancellation slot bound to it.
  const auto finished = [watch](const std::exception_ptr& bug) {
    if (bug) std::rethrow_exception(bug);
  };
  asio::co_spawn(state->io, run(state, watch),
                 asio::bind_cancellation_slot(watch->stop.slot(), finished));
}

asio::awaitable<void> Engine::State::run(std::shared_ptr<State> state,
                                         std::shared_ptr<Watch> watch) {
  co_await asio::this_coro::throw_if_cancelled(false);
  asio::steady_timer timer(state->io);
  while (!watch->gone) {
    timer.expires_at(watch->schedule.next());
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!watch->gone) co_await probe_once(state, watch);
  }
}

asio::awaitable<void> Engine::State::probe_once(std::shared_ptr<State> state,
                                                std::shared_ptr<Watch> watch) {
  if (!co_await state->places.take()) co_return;
  if (watch->gone) {
    state->places.give_back();
    co_return;
  }
  watch->schedule.advance(steady_clock::now());
  health::Observation observation = co_await probe(watch->what, state->tls);
  state->places.give_back();
  if (!watch->gone) state->judge(*watch, std::move(observation));
}

// The report may call watch() or destroy the Engine: nothing is used after it but `this`, which the
// calling coroutine keeps.
void Engine::State::judge(Watch& watch, health::Observation observation) {
  const Verdict before = std::exchange(
      watch.verdict,
      health::judge(watch.what.check.thresholds, watch.verdict, std::move(observation)));
  if (on_report) on_report({watch.id, watch.what, before, watch.verdict});
  wake_if_settled();
}

bool Engine::State::is_settled() const {
  return std::all_of(watches.begin(), watches.end(), [](const auto& watch) {
    return watch->verdict.state != health::State::Unknown;
  });
}

void Engine::State::wake_if_settled() {
  if (waiting.empty() || !is_settled()) return;
  for (const auto& each : waiting) each->timer.cancel();
}

void Engine::State::wait_for_all(const std::shared_ptr<State>& state, Duration limit,
                                 std::function<void()> done) {
  const auto entry =
      std::make_shared<Waiting>(Waiting{asio::steady_timer(state->io, limit), std::move(done)});
  state->waiting.push_back(entry);
  entry->timer.async_wait([state, entry](const boost::system::error_code&) {
    std::erase(state->waiting, entry);
    if (!state->stopped) entry->done();
  });
  state->wake_if_settled();
}

void Engine::State::stop_all() {
  stopped = true;
  for (const auto& watch : watches) stop(*watch);
  for (const auto& each : waiting) each->timer.cancel();
}

Engine::Engine(asio::io_context& io, std::uint64_t seed, OnReport on_report)
    : state_(std::make_shared<State>(io, seed, std::move(on_report))) {}

Engine::~Engine() { state_->stop_all(); }

void Engine::watch(std::vector<Target> targets) {
  std::unordered_multimap<std::string, std::shared_ptr<Watch>> former;
  for (const auto& watch : state_->watches) former.emplace(watch->what.address, watch);

  std::vector<std::shared_ptr<Watch>> watches(targets.size());
  std::vector<std::size_t> added;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto [first, last] = former.equal_range(targets[i].address);
    const auto same = std::find_if(
        first, last, [&](const auto& entry) { return entry.second->what == targets[i]; });
    if (same == last) {
      added.push_back(i);
      continue;
    }
    watches[i] = same->second;
    watches[i]->id = TargetId{static_cast<std::uint32_t>(i)};
    former.erase(same);
  }
  for (const auto& [address, watch] : former) stop(*watch);

  const Instant now = steady_clock::now();
  for (std::size_t k = 0; k < added.size(); ++k) {
    const std::size_t i = added[k];
    const Instant first = first_start(targets[i], now, k, added.size());
    watches[i] = std::make_shared<Watch>(
        targets[i], TargetId{static_cast<std::uint32_t>(i)},
        health::Schedule(targets[i].check.interval, state_->seed, i, first));
    State::start(state_, watches[i]);
  }
  state_->targets = std::move(targets);
  state_->watches = std::move(watches);
  // A trust store changed on disk is read anew, as an operator who reloads expects.
  state_->tls = std::make_shared<TlsContexts>();
  state_->wake_if_settled();
}

void Engine::when_settled(Duration limit, std::function<void()> done) {
  State::wait_for_all(state_, limit, std::move(done));
}

health::Board Engine::board() const {
  std::vector<health::Standing> standings;
  standings.reserve(state_->watches.size());
  for (const auto& watch : state_->watches)
    standings.push_back(health::standing_of(watch->what.check, watch->verdict));
  return health::Board(std::move(standings));
}

std::span<const Target> Engine::targets() const noexcept { return state_->targets; }

const Verdict& Engine::verdict(TargetId target) const noexcept {
  return state_->watches[static_cast<std::size_t>(target)]->verdict;
}

}  // namespace probes
