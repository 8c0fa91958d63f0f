#include "health/probes/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "health/monitor.h"
#include "run_probe.h"
#include "server.h"

namespace probes {
namespace {

using health::Duration;
using health::Observation;
using health::ProbeType;
using health::Reason;
using health::State;
using health::Target;
using health::TargetId;
using health::Verdict;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr TargetId kFirst{0};
constexpr TargetId kSecond{1};
constexpr TargetId kThird{2};

// Longer than any test runs: after the first probe nothing happens by itself.
constexpr Duration kNever{3'600'000};

Target target_every(const Server& server, Duration interval, const std::string& path = "/") {
  Target target = target_on(server.port(), ProbeType::Http);
  target.check.http.path = path;
  target.check.interval = interval;
  return target;
}

struct Told {
  TargetId target;
  std::string path;
  State before;
  State after;
  Observation last;
  Duration late;
};

class EngineTest : public testing::Test {
 protected:
  // All targets are on one address: not paced unless `options` says so.
  std::unique_ptr<Engine> make_engine(const Engine::Options& options = {1024, 0}) {
    auto engine =
        std::make_unique<Engine>(io_, 1, [this](const Engine::Report& report) { note(report); });
    engine->set_options(options);
    return engine;
  }
  // Equal targets are taken for the same.
  static void watch(Engine& engine, std::vector<Target> targets,
                    std::vector<std::optional<Engine::Remembered>> remembered = {}) {
    const auto former = health::match_targets(engine.targets(), targets);
    engine.watch(std::move(targets), former, std::move(remembered));
  }
  void note(const Engine::Report& report) {
    told_.push_back({report.target, report.what.check.http.path, report.before.state,
                     report.after.state, report.after.last, report.late});
    if (on_report_) on_report_(report);
  }

  // Runs the event loop until `condition` holds; false when it does not for half a minute.
  bool run_until(const std::function<bool()>& condition) {
    const auto limit = steady_clock::now() + seconds(30);
    io_.restart();
    while (!condition()) {
      if (steady_clock::now() > limit) return false;
      io_.run_one_for(milliseconds(20));
      if (io_.stopped()) io_.restart();
    }
    return true;
  }
  // Runs the event loop until nothing at all is left to do.
  bool runs_dry() {
    io_.restart();
    io_.run_for(seconds(30));
    return io_.stopped();
  }
  [[nodiscard]] std::size_t count_told(TargetId target) const {
    return static_cast<std::size_t>(std::count_if(
        told_.begin(), told_.end(), [target](const Told& each) { return each.target == target; }));
  }

  boost::asio::io_context io_;
  std::vector<Told> told_;
  std::function<void(const Engine::Report&)> on_report_;
};

TEST_F(EngineTest, TellsTheFirstResultAtOnce) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(server, kNever, "/healthz")});
  ASSERT_EQ(engine->targets().size(), 1U);
  EXPECT_EQ(engine->verdict(kFirst).state, State::Unknown);
  ASSERT_TRUE(run_until([this] { return !told_.empty(); }));
  EXPECT_EQ(told_[0].target, kFirst);
  EXPECT_EQ(told_[0].path, "/healthz");
  EXPECT_EQ(told_[0].before, State::Unknown);
  EXPECT_EQ(told_[0].after, State::Up);
  EXPECT_TRUE(told_[0].last.passed);
  EXPECT_EQ(engine->verdict(kFirst).state, State::Up);
}

TEST_F(EngineTest, FollowsAServerThatIsSwitchedOffAndOn) {
  Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(server, Duration{20})});
  ASSERT_TRUE(run_until([&] { return engine->verdict(kFirst).state == State::Up; }));
  server.turn_off();
  ASSERT_TRUE(run_until([&] { return engine->verdict(kFirst).state == State::Down; }));
  EXPECT_EQ(engine->verdict(kFirst).last.reason, Reason::Refused);
  server.turn_on();
  ASSERT_TRUE(run_until([&] { return engine->verdict(kFirst).state == State::Up; }));

  std::set<State> passed_through;
  State former = State::Unknown;
  for (const Told& each : told_) {
    EXPECT_EQ(each.before, former);
    former = each.after;
    passed_through.insert(former);
  }
  EXPECT_EQ(passed_through,
            (std::set<State>{State::Up, State::Failing, State::Down, State::Recovering}));
}

TEST_F(EngineTest, LetsASlowTargetDelayOnlyItself) {
  const Server silent(say_nothing());
  const Server quick(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(silent, Duration{20}), target_every(quick, Duration{20})});
  ASSERT_TRUE(run_until([this] { return count_told(kSecond) == 10; }));
  EXPECT_EQ(count_told(kFirst), 0U);
  EXPECT_EQ(silent.accepted(), 1);
}

TEST_F(EngineTest, ProbesAgainNoSoonerThanTheScheduleSays) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  const auto begun = steady_clock::now();
  watch(*engine, {target_every(server, Duration{50})});
  ASSERT_TRUE(run_until([this] { return told_.size() == 8; }));
  // The second start is up to an interval early; a tenth of it is jitter.
  for (int n = 1; n < 8; ++n) {
    EXPECT_GE(told_[static_cast<std::size_t>(n)].last.started - begun,
              (n - 1) * milliseconds(50) - milliseconds(5));
  }
}

TEST_F(EngineTest, KeepsTheVerdictsOfEqualTargets) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  const Target a = target_every(server, kNever, "/a");
  const Target b = target_every(server, kNever, "/b");
  const Target c = target_every(server, kNever, "/c");
  watch(*engine, {a, b});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  const auto started = engine->verdict(kSecond).last.started;

  watch(*engine, {b, c});
  EXPECT_EQ(engine->targets()[0], b);
  EXPECT_EQ(engine->verdict(kFirst).state, State::Up);
  EXPECT_EQ(engine->verdict(kFirst).last.started, started);
  EXPECT_EQ(engine->verdict(kSecond).state, State::Unknown);
  ASSERT_TRUE(run_until([this] { return told_.size() == 3; }));
  EXPECT_EQ(told_[2].path, "/c");
  EXPECT_EQ(told_[2].target, kSecond);
  EXPECT_EQ(server.accepted(), 3);
}

TEST_F(EngineTest, TakesAChangedCheckForANewTarget) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  Target target = target_every(server, kNever);
  watch(*engine, {target});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  target.check.http.status = {{204, 204}};
  watch(*engine, {target});
  EXPECT_EQ(engine->verdict(kFirst).state, State::Unknown);
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(told_[1].after, State::Down);
}

TEST_F(EngineTest, KeepsAProbeInFlightWhenTheIndexChanges) {
  Server server(say_nothing());
  const Server other(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  Target slow = target_every(server, kNever, "/slow");
  slow.check.timeout = Duration{300};
  watch(*engine, {slow});
  ASSERT_TRUE(run_until([&] { return server.accepted() == 1; }));
  watch(*engine, {target_every(other, kNever), slow});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(count_told(kSecond), 1U);
  EXPECT_EQ(engine->verdict(kSecond).last.reason, Reason::Timeout);
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(EngineTest, WatchesTwoEqualTargets) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  const Target target = target_every(server, kNever);
  watch(*engine, {target, target});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(count_told(kFirst), 1U);
  EXPECT_EQ(count_told(kSecond), 1U);
  watch(*engine, {target});
  EXPECT_EQ(engine->verdict(kFirst).state, State::Up);
}

TEST_F(EngineTest, StopsTargetsThatAreGoneAtOnce) {
  const Server silent(say_nothing());
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(silent, Duration{20}), target_every(silent, Duration{20}, "/b")});
  ASSERT_TRUE(run_until([&] { return silent.accepted() == 2; }));
  watch(*engine, {});
  EXPECT_TRUE(engine->targets().empty());
  EXPECT_TRUE(runs_dry());  // the probes would have had a minute
  EXPECT_TRUE(told_.empty());
}

TEST_F(EngineTest, ForgetsAWaitForTheNextProbe) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(server, kNever)});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  watch(*engine, {});
  EXPECT_TRUE(runs_dry());
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(EngineTest, ForgetsATargetThatIsGoneBeforeItsFirstProbe) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(server, kNever)});
  watch(*engine, {});
  EXPECT_TRUE(runs_dry());
  EXPECT_EQ(server.accepted(), 0);
  EXPECT_TRUE(told_.empty());
}

TEST_F(EngineTest, FallsSilentWhenDestroyed) {
  const Server silent(say_nothing());
  bool done = false;
  {
    const std::unique_ptr<Engine> engine = make_engine();
    watch(*engine, {target_every(silent, Duration{20})});
    engine->when_settled(kNever, [&done] { done = true; });
    ASSERT_TRUE(run_until([&] { return silent.accepted() == 1; }));
  }
  EXPECT_TRUE(runs_dry());
  EXPECT_TRUE(told_.empty());
  EXPECT_FALSE(done);
}

TEST_F(EngineTest, LeavesQuietlyWithItsEventLoop) {
  const Server silent(say_nothing());
  auto io = std::make_unique<boost::asio::io_context>();
  auto engine = std::make_unique<Engine>(*io, 1, [](const Engine::Report&) { FAIL(); });
  watch(*engine, {target_every(silent, Duration{20})});
  while (silent.accepted() == 0) io->run_one_for(milliseconds(20));
  engine.reset();
  io.reset();  // frees what was in flight; a leak shows under AddressSanitizer
}

TEST_F(EngineTest, MayBeGivenNewTargetsByItsReport) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  on_report_ = [&](const Engine::Report& report) {
    if (report.what.check.http.path == "/a") watch(*engine, {target_every(server, kNever, "/b")});
  };
  watch(*engine, {target_every(server, kNever, "/a")});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(told_[1].path, "/b");
}

TEST_F(EngineTest, MayBeDestroyedByItsReport) {
  const Server server(answer_ok());
  std::unique_ptr<Engine> engine = make_engine();
  on_report_ = [&](const Engine::Report&) { engine.reset(); };
  watch(*engine, {target_every(server, kNever, "/a"), target_every(server, kNever, "/b")});
  EXPECT_TRUE(runs_dry());
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(EngineTest, IsSettledOnceEveryTargetHasAResult) {
  Server server(say_nothing());
  const Server other(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  Target slow = target_every(server, kNever);
  slow.check.timeout = Duration{100};
  watch(*engine, {slow, target_every(other, kNever)});
  int done = 0;
  std::size_t told_before = 0;
  engine->when_settled(kNever, [&] {
    ++done;
    told_before = told_.size();
  });
  ASSERT_TRUE(run_until([&] { return done > 0; }));
  EXPECT_EQ(told_before, 2U);
  watch(*engine, {});
  EXPECT_TRUE(runs_dry());
  EXPECT_EQ(done, 1);
}

TEST_F(EngineTest, IsSettledAtTheLimitAtTheLatest) {
  const Server silent(say_nothing());
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(silent, kNever)});
  int done = 0;
  const auto asked = steady_clock::now();
  engine->when_settled(Duration{50}, [&done] { ++done; });
  ASSERT_TRUE(run_until([&done] { return done == 1; }));
  EXPECT_GE(steady_clock::now() - asked, milliseconds(50));
  EXPECT_EQ(engine->verdict(kFirst).state, State::Unknown);
}

TEST_F(EngineTest, IsSettledWithoutTargetsButNotInsideTheCall) {
  const std::unique_ptr<Engine> engine = make_engine();
  bool done = false;
  engine->when_settled(kNever, [&done] { done = true; });
  EXPECT_FALSE(done);
  EXPECT_TRUE(runs_dry());
  EXPECT_TRUE(done);
}

TEST_F(EngineTest, IsSettledWhenTheLastOpenTargetGoes) {
  const Server silent(say_nothing());
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(silent, kNever), target_every(server, kNever)});
  bool done = false;
  engine->when_settled(kNever, [&done] { done = true; });
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  EXPECT_FALSE(done);
  watch(*engine, {target_every(server, kNever)});
  EXPECT_FALSE(done);
  EXPECT_TRUE(run_until([&done] { return done; }));
}

std::vector<Target> many_targets(const Server& server, std::size_t count) {
  std::vector<Target> targets;
  for (std::size_t i = 0; i < count; ++i)
    targets.push_back(target_every(server, kNever, "/" + std::to_string(i)));
  return targets;
}

TEST_F(EngineTest, SpreadsManyFirstProbes) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  const auto begun = steady_clock::now();
  watch(*engine, many_targets(server, 100));
  ASSERT_TRUE(run_until([this] { return told_.size() == 100; }));
  EXPECT_GE(engine->verdict(TargetId{99}).last.started - begun, milliseconds(490));
  EXPECT_GE(engine->verdict(TargetId{50}).last.started - begun, milliseconds(250));
}

TEST_F(EngineTest, CapsTheProbesInFlight) {
  Server server(say_nothing());
  const std::unique_ptr<Engine> engine = make_engine({8, 0});
  std::vector<Target> targets = many_targets(server, 12);
  watch(*engine, targets);
  ASSERT_TRUE(run_until([&] { return server.accepted() == 8; }));
  EXPECT_EQ(engine->counters().in_flight, 8U);
  EXPECT_EQ(engine->counters().waiting, 4U);

  // Two go and make room for two of those who wait.
  server.play(answer_ok());
  targets.erase(targets.begin(), targets.begin() + 2);
  watch(*engine, targets);
  EXPECT_TRUE(run_until([this] { return told_.size() == 4; }));  // each makes room for another
  EXPECT_EQ(server.accepted(), 12);
  EXPECT_EQ(engine->counters().waiting, 0U);
  EXPECT_EQ(engine->counters().started, 12U);
}

TEST_F(EngineTest, MakesRoomAtOnceWhenMoreMayBeInFlight) {
  const Server server(say_nothing());
  const std::unique_ptr<Engine> engine = make_engine({2, 0});
  watch(*engine, many_targets(server, 6));
  ASSERT_TRUE(run_until([&] { return server.accepted() == 2; }));
  engine->set_options({5, 0});
  EXPECT_TRUE(run_until([&] { return server.accepted() == 5; }));
  EXPECT_EQ(engine->counters().waiting, 1U);
}

TEST_F(EngineTest, ForgetsThoseInLineThatAreGone) {
  const Server silent(say_nothing());
  const std::unique_ptr<Engine> engine = make_engine({1, 0});
  watch(*engine, many_targets(silent, 3));
  ASSERT_TRUE(run_until([&] { return engine->counters().waiting == 2; }));
  watch(*engine, {});
  EXPECT_EQ(engine->counters().waiting, 0U);
  EXPECT_TRUE(runs_dry());
  EXPECT_EQ(engine->counters().started, 1U);
  EXPECT_TRUE(told_.empty());
}

TEST_F(EngineTest, PacesTheStartsAtOneAddress) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine({1024, 10});
  const auto begun = steady_clock::now();
  watch(*engine, many_targets(server, 4));
  ASSERT_TRUE(run_until([this] { return told_.size() == 4; }));
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_GE(engine->verdict(TargetId{i}).last.started - begun, i * milliseconds(100));
  }
}

TEST_F(EngineTest, DoesNotPaceOneAddressByAnother) {
  const Server server(answer_ok());
  const Server elsewhere(answer_ok(), nullptr, "127.0.0.2");
  const std::unique_ptr<Engine> engine = make_engine({1024, 1});
  Target other = target_every(elsewhere, kNever, "/other");
  other.address = "127.0.0.2";
  watch(*engine, {target_every(server, kNever, "/a"), target_every(server, kNever, "/b"), other});
  ASSERT_TRUE(run_until([this] { return told_.size() == 3; }));
  EXPECT_EQ(told_[2].path, "/b");
}

TEST_F(EngineTest, KeepsThePaceOfAnAddressOverAReload) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine({1024, 2});
  const auto begun = steady_clock::now();
  watch(*engine, {target_every(server, kNever, "/a")});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  watch(*engine, {target_every(server, kNever, "/a"), target_every(server, kNever, "/b")});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_GE(told_[1].last.started - begun, milliseconds(500));
}

TEST_F(EngineTest, LooksAgainSoonAfterAResultThatContradicts) {
  Server server(answer_ok());
  server.turn_off();
  const std::unique_ptr<Engine> engine = make_engine();
  Target target = target_every(server, kNever);
  target.check.thresholds.fall = 2;
  target.check.thresholds.recheck = Duration{20};
  Engine::Remembered up;
  up.verdict.state = State::Up;
  watch(*engine, {target}, {up});
  // By itself the second probe would come within an hour.
  ASSERT_TRUE(run_until([&] { return engine->verdict(kFirst).state == State::Down; }));
  EXPECT_EQ(told_.size(), 2U);
}

TEST_F(EngineTest, NeverProbesATargetTwiceAtOnce) {
  const Server silent(say_nothing());
  const std::unique_ptr<Engine> engine = make_engine();
  Target slow = target_every(silent, Duration{10});
  slow.check.timeout = Duration{100};
  watch(*engine, {slow});
  bool once = true;
  ASSERT_TRUE(run_until([&] {
    once = once && engine->counters().in_flight <= 1;
    return told_.size() == 3;
  }));
  EXPECT_TRUE(once);
}

TEST_F(EngineTest, LetsATargetThatComesBackWaitForItsFormerProbe) {
  const Server silent(say_nothing());
  const std::unique_ptr<Engine> engine = make_engine();
  const Target slow = target_every(silent, kNever);
  watch(*engine, {slow});
  ASSERT_TRUE(run_until([&] { return silent.accepted() == 1; }));
  bool once = true;
  for (int times = 2; times < 6; ++times) {
    watch(*engine, {});
    watch(*engine, {slow});
    ASSERT_TRUE(run_until([&] {
      once = once && engine->counters().in_flight <= 1;
      return silent.accepted() == times;
    }));
  }
  EXPECT_TRUE(once);
  EXPECT_TRUE(told_.empty());
}

TEST_F(EngineTest, KeepsTheLatestResults) {
  const Server server(answer_status("503 Busy"));
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(server, Duration{20})});
  EXPECT_TRUE(engine->results(kFirst).empty());
  ASSERT_TRUE(run_until([this] { return told_.size() == 3; }));
  const std::vector<health::Result> results = engine->results(kFirst);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[2].reason, Reason::Status);
  EXPECT_EQ(results[2].started, told_[2].last.started);
}

TEST_F(EngineTest, GoesOnFromWhatIsRemembered) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  Engine::Remembered down;
  down.verdict.state = State::Down;
  down.results = {{steady_clock::now() - seconds(60), 5, Reason::Refused}};
  watch(*engine, {target_every(server, kNever)}, {down});
  EXPECT_EQ(engine->verdict(kFirst).state, State::Down);
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));  // and looks at once
  EXPECT_EQ(told_[0].before, State::Down);
  EXPECT_EQ(told_[0].after, State::Recovering);
  ASSERT_EQ(engine->results(kFirst).size(), 2U);
  EXPECT_EQ(engine->results(kFirst)[0].reason, Reason::Refused);
}

TEST_F(EngineTest, RemembersNothingOfTargetsThatStay) {
  const Server server(answer_ok());
  const std::unique_ptr<Engine> engine = make_engine();
  const Target target = target_every(server, kNever);
  watch(*engine, {target});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  Engine::Remembered down;
  down.verdict.state = State::Down;
  watch(*engine, {target}, {down});
  EXPECT_EQ(engine->verdict(kFirst).state, State::Up);
}

TEST_F(EngineTest, TakesWhatIsRememberedForSettled) {
  const Server silent(say_nothing());
  const std::unique_ptr<Engine> engine = make_engine();
  Engine::Remembered up;
  up.verdict.state = State::Up;
  watch(*engine, {target_every(silent, kNever)}, {up});
  bool done = false;
  engine->when_settled(kNever, [&done] { done = true; });
  EXPECT_TRUE(run_until([&done] { return done; }));
  EXPECT_TRUE(told_.empty());
}

TEST_F(EngineTest, BeginsAsDownWhereAnotherCheckHadFoundTheAddressDown) {
  Server server(answer_status("503 Busy"));
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(server, kNever, "/a")});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  server.play(answer_ok());
  watch(*engine, {target_every(server, kNever, "/b")});
  EXPECT_EQ(engine->verdict(kFirst).state, State::Recovering);
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(told_[1].after, State::Up);
}

TEST_F(EngineTest, PardonsWithoutTelling) {
  const Server server(answer_status("503 Busy"));
  const std::unique_ptr<Engine> engine = make_engine();
  watch(*engine, {target_every(server, kNever)});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  engine->pardon(kFirst);
  EXPECT_EQ(engine->verdict(kFirst).state, State::Up);
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(EngineTest, MayBePardonedByItsReport) {
  const Server server(answer_status("503 Busy"));
  const std::unique_ptr<Engine> engine = make_engine();
  State told_after_pardon = State::Unknown;
  on_report_ = [&](const Engine::Report& report) {
    engine->pardon(report.target);
    told_after_pardon = report.after.state;
  };
  watch(*engine, {target_every(server, kNever)});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  EXPECT_EQ(told_after_pardon, State::Down);
  EXPECT_EQ(engine->verdict(kFirst).state, State::Up);
}

}  // namespace
}  // namespace probes
