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
  target.check.path = path;
  target.check.interval = interval;
  return target;
}

struct Told {
  TargetId target;
  std::string path;
  State before;
  State after;
  Observation last;
};

class EngineTest : public testing::Test {
 protected:
  Engine make_engine() {
    return Engine(io_, 1, [this](const Engine::Report& report) { note(report); });
  }
  void note(const Engine::Report& report) {
    told_.push_back({report.target, report.what.check.path, report.before.state, report.after.state,
                     report.after.last});
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
  Engine engine = make_engine();
  engine.watch({target_every(server, kNever, "/healthz")});
  ASSERT_EQ(engine.targets().size(), 1U);
  EXPECT_EQ(engine.verdict(kFirst).state, State::Unknown);
  ASSERT_TRUE(run_until([this] { return !told_.empty(); }));
  EXPECT_EQ(told_[0].target, kFirst);
  EXPECT_EQ(told_[0].path, "/healthz");
  EXPECT_EQ(told_[0].before, State::Unknown);
  EXPECT_EQ(told_[0].after, State::Up);
  EXPECT_TRUE(told_[0].last.passed);
  EXPECT_EQ(engine.verdict(kFirst).state, State::Up);
}

TEST_F(EngineTest, ShowsEveryTargetOnTheBoard) {
  const Server good(answer_ok());
  const Server bad(answer_status("500 No"));
  const Server silent(say_nothing());
  Engine engine = make_engine();
  engine.watch({target_every(good, Duration{5000}), target_every(bad, Duration{5000}),
                target_every(silent, Duration{5000})});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  const health::Board board = engine.board();
  ASSERT_EQ(board.size(), 3U);
  EXPECT_EQ(board[kFirst], (health::Standing{State::Up, seconds(15)}));
  EXPECT_EQ(board[kSecond], (health::Standing{State::Down, seconds(10)}));
  EXPECT_EQ(board[kThird], (health::Standing{State::Unknown, seconds(0)}));
}

TEST_F(EngineTest, FollowsAServerThatIsSwitchedOffAndOn) {
  Server server(answer_ok());
  Engine engine = make_engine();
  engine.watch({target_every(server, Duration{20})});
  ASSERT_TRUE(run_until([&] { return engine.verdict(kFirst).state == State::Up; }));
  server.turn_off();
  ASSERT_TRUE(run_until([&] { return engine.verdict(kFirst).state == State::Down; }));
  EXPECT_EQ(engine.verdict(kFirst).last.reason, Reason::Refused);
  server.turn_on();
  ASSERT_TRUE(run_until([&] { return engine.verdict(kFirst).state == State::Up; }));

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
  Engine engine = make_engine();
  engine.watch({target_every(silent, Duration{20}), target_every(quick, Duration{20})});
  ASSERT_TRUE(run_until([this] { return count_told(kSecond) == 10; }));
  EXPECT_EQ(count_told(kFirst), 0U);
  EXPECT_EQ(silent.accepted(), 1);
}

TEST_F(EngineTest, ProbesAgainNoSoonerThanTheScheduleSays) {
  const Server server(answer_ok());
  Engine engine = make_engine();
  engine.watch({target_every(server, Duration{50})});
  ASSERT_TRUE(run_until([this] { return told_.size() == 8; }));
  const auto first = told_.front().last.started;
  for (std::size_t n = 1; n < told_.size(); ++n)  // each slot, less a tenth of jitter
    EXPECT_GE(told_[n].last.started - first,
              static_cast<int>(n) * milliseconds(50) - milliseconds(10));
}

TEST_F(EngineTest, KeepsTheVerdictsOfEqualTargets) {
  const Server server(answer_ok());
  Engine engine = make_engine();
  const Target a = target_every(server, kNever, "/a");
  const Target b = target_every(server, kNever, "/b");
  const Target c = target_every(server, kNever, "/c");
  engine.watch({a, b});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  const auto started = engine.verdict(kSecond).last.started;

  engine.watch({b, c});
  EXPECT_EQ(engine.targets()[0], b);
  EXPECT_EQ(engine.verdict(kFirst).state, State::Up);
  EXPECT_EQ(engine.verdict(kFirst).last.started, started);
  EXPECT_EQ(engine.verdict(kSecond).state, State::Unknown);
  ASSERT_TRUE(run_until([this] { return told_.size() == 3; }));
  EXPECT_EQ(told_[2].path, "/c");
  EXPECT_EQ(told_[2].target, kSecond);
  EXPECT_EQ(server.accepted(), 3);
}

TEST_F(EngineTest, TakesAChangedCheckForANewTarget) {
  const Server server(answer_ok());
  Engine engine = make_engine();
  Target target = target_every(server, kNever);
  engine.watch({target});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  target.check.status = {{204, 204}};
  engine.watch({target});
  EXPECT_EQ(engine.verdict(kFirst).state, State::Unknown);
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(told_[1].after, State::Down);
}

TEST_F(EngineTest, KeepsAProbeInFlightWhenTheIndexChanges) {
  Server server(say_nothing());
  const Server other(answer_ok());
  Engine engine = make_engine();
  Target slow = target_every(server, kNever, "/slow");
  slow.check.timeout = Duration{300};
  engine.watch({slow});
  ASSERT_TRUE(run_until([&] { return server.accepted() == 1; }));
  engine.watch({target_every(other, kNever), slow});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(count_told(kSecond), 1U);
  EXPECT_EQ(engine.verdict(kSecond).last.reason, Reason::Timeout);
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(EngineTest, WatchesTwoEqualTargets) {
  const Server server(answer_ok());
  Engine engine = make_engine();
  const Target target = target_every(server, kNever);
  engine.watch({target, target});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(count_told(kFirst), 1U);
  EXPECT_EQ(count_told(kSecond), 1U);
  engine.watch({target});
  EXPECT_EQ(engine.verdict(kFirst).state, State::Up);
  EXPECT_EQ(engine.board().size(), 1U);
}

TEST_F(EngineTest, StopsTargetsThatAreGoneAtOnce) {
  const Server silent(say_nothing());
  Engine engine = make_engine();
  engine.watch({target_every(silent, Duration{20}), target_every(silent, Duration{20}, "/b")});
  ASSERT_TRUE(run_until([&] { return silent.accepted() == 2; }));
  engine.watch({});
  EXPECT_EQ(engine.board().size(), 0U);
  EXPECT_TRUE(runs_dry());  // the probes would have had a minute
  EXPECT_TRUE(told_.empty());
}

TEST_F(EngineTest, ForgetsAWaitForTheNextProbe) {
  const Server server(answer_ok());
  Engine engine = make_engine();
  engine.watch({target_every(server, kNever)});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  engine.watch({});
  EXPECT_TRUE(runs_dry());
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(EngineTest, ForgetsATargetThatIsGoneBeforeItsFirstProbe) {
  const Server server(answer_ok());
  Engine engine = make_engine();
  engine.watch({target_every(server, kNever)});
  engine.watch({});
  EXPECT_TRUE(runs_dry());
  EXPECT_EQ(server.accepted(), 0);
  EXPECT_TRUE(told_.empty());
}

TEST_F(EngineTest, FallsSilentWhenDestroyed) {
  const Server silent(say_nothing());
  bool done = false;
  {
    Engine engine = make_engine();
    engine.watch({target_every(silent, Duration{20})});
    engine.when_settled(kNever, [&done] { done = true; });
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
  engine->watch({target_every(silent, Duration{20})});
  while (silent.accepted() == 0) io->run_one_for(milliseconds(20));
  engine.reset();
  io.reset();  // frees what was in flight; a leak shows under AddressSanitizer
}

TEST_F(EngineTest, MayBeGivenNewTargetsByItsReport) {
  const Server server(answer_ok());
  Engine engine = make_engine();
  on_report_ = [&](const Engine::Report& report) {
    if (report.what.check.path == "/a") engine.watch({target_every(server, kNever, "/b")});
  };
  engine.watch({target_every(server, kNever, "/a")});
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(told_[1].path, "/b");
}

TEST_F(EngineTest, MayBeDestroyedByItsReport) {
  const Server server(answer_ok());
  auto engine = std::make_unique<Engine>(make_engine());
  on_report_ = [&](const Engine::Report&) { engine.reset(); };
  engine->watch({target_every(server, kNever, "/a"), target_every(server, kNever, "/b")});
  EXPECT_TRUE(runs_dry());
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(EngineTest, IsSettledOnceEveryTargetHasAResult) {
  Server server(say_nothing());
  const Server other(answer_ok());
  Engine engine = make_engine();
  Target slow = target_every(server, kNever);
  slow.check.timeout = Duration{100};
  engine.watch({slow, target_every(other, kNever)});
  int done = 0;
  std::size_t told_before = 0;
  engine.when_settled(kNever, [&] {
    ++done;
    told_before = told_.size();
  });
  ASSERT_TRUE(run_until([&] { return done > 0; }));
  EXPECT_EQ(told_before, 2U);
  engine.watch({});
  EXPECT_TRUE(runs_dry());
  EXPECT_EQ(done, 1);
}

TEST_F(EngineTest, IsSettledAtTheLimitAtTheLatest) {
  const Server silent(say_nothing());
  Engine engine = make_engine();
  engine.watch({target_every(silent, kNever)});
  int done = 0;
  const auto asked = steady_clock::now();
  engine.when_settled(Duration{50}, [&done] { ++done; });
  ASSERT_TRUE(run_until([&done] { return done == 1; }));
  EXPECT_GE(steady_clock::now() - asked, milliseconds(50));
  EXPECT_EQ(engine.verdict(kFirst).state, State::Unknown);
}

TEST_F(EngineTest, IsSettledWithoutTargetsButNotInsideTheCall) {
  Engine engine = make_engine();
  bool done = false;
  engine.when_settled(kNever, [&done] { done = true; });
  EXPECT_FALSE(done);
  EXPECT_TRUE(runs_dry());
  EXPECT_TRUE(done);
}

TEST_F(EngineTest, IsSettledWhenTheLastOpenTargetGoes) {
  const Server silent(say_nothing());
  const Server server(answer_ok());
  Engine engine = make_engine();
  engine.watch({target_every(silent, kNever), target_every(server, kNever)});
  bool done = false;
  engine.when_settled(kNever, [&done] { done = true; });
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  EXPECT_FALSE(done);
  engine.watch({target_every(server, kNever)});
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
  Engine engine = make_engine();
  const auto begun = steady_clock::now();
  engine.watch(many_targets(server, 100));
  ASSERT_TRUE(run_until([this] { return told_.size() == 100; }));
  EXPECT_GE(engine.verdict(TargetId{99}).last.started - begun, milliseconds(490));
  EXPECT_GE(engine.verdict(TargetId{50}).last.started - begun, milliseconds(250));
}

TEST_F(EngineTest, CapsTheProbesInFlight) {
  Server server(say_nothing());
  Engine engine = make_engine();
  std::vector<Target> targets = many_targets(server, 300);
  engine.watch(targets);
  ASSERT_TRUE(run_until([&] { return server.accepted() == 256; }));
  io_.run_for(milliseconds(100));
  EXPECT_EQ(server.accepted(), 256);

  // 20 go and make room for 20 of those who wait.
  server.play(answer_ok());
  targets.erase(targets.begin(), targets.begin() + 20);
  engine.watch(targets);
  EXPECT_TRUE(run_until([this] { return told_.size() == 44; }));
  EXPECT_EQ(server.accepted(), 300);
}

}  // namespace
}  // namespace probes
