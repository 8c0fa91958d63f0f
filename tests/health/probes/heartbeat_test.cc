// Targets that are not probed, but say by themselves that they are there.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "health/monitor.h"
#include "health/probes/engine.h"

namespace probes {
namespace {

using health::Duration;
using health::Reason;
using health::State;
using health::Target;
using health::TargetId;
using Beat = Engine::Beat;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr TargetId kFirst{0};
constexpr Duration kNever{3'600'000};

Target heartbeat(const std::string& address, Duration lease, const std::string& token = "b7c1") {
  Target target;
  target.address = address;
  target.check.type = health::ProbeType::Heartbeat;
  target.check.token = token;
  target.check.interval = lease;
  target.check.thresholds.fall = 1;
  target.check.thresholds.rise = 2;
  return target;
}

struct Told {
  TargetId target;
  State after;
  health::Observation last;
  Duration late;
};

class HeartbeatTest : public testing::Test {
 protected:
  HeartbeatTest() {
    engine_ = std::make_unique<Engine>(io_, 1, [this](const Engine::Report& report) {
      told_.push_back({report.target, report.after.state, report.after.last, report.late});
      if (on_report_) on_report_();
    });
  }
  void watch(std::vector<Target> targets) {
    const auto former = health::match_targets(engine_->targets(), targets);
    engine_->watch(std::move(targets), former);
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

  boost::asio::io_context io_;
  std::vector<Told> told_;
  std::function<void()> on_report_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(HeartbeatTest, IsUnknownUntilItBeats) {
  watch({heartbeat("a.test/edge", kNever)});
  io_.run_for(milliseconds(20));
  EXPECT_EQ(engine_->verdict(kFirst).state, State::Unknown);
  EXPECT_EQ(engine_->beat("a.test/edge", "b7c1"), Beat::Renewed);
  EXPECT_EQ(engine_->verdict(kFirst).state, State::Up);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_TRUE(told_[0].last.passed);
  EXPECT_EQ(told_[0].late, Duration{0});
}

TEST_F(HeartbeatTest, IsDownWhenItsLeaseRunsOut) {
  watch({heartbeat("a.test/edge", Duration{50})});
  ASSERT_EQ(engine_->beat("a.test/edge", "b7c1"), Beat::Renewed);
  ASSERT_TRUE(run_until([this] { return told_.size() == 2; }));
  EXPECT_EQ(told_[1].after, State::Down);
  EXPECT_EQ(told_[1].last.reason, Reason::LeaseExpired);
  EXPECT_NE(told_[1].last.detail.find("no heartbeat for "), std::string::npos);
  EXPECT_EQ(told_[1].late, Duration{0});
}

TEST_F(HeartbeatTest, IsDownWhenItNeverBeats) {
  watch({heartbeat("a.test/edge", Duration{50})});
  ASSERT_TRUE(run_until([this] { return told_.size() == 1; }));
  EXPECT_EQ(told_[0].after, State::Down);
}

TEST_F(HeartbeatTest, FailsAgainWithEveryLeaseThatPasses) {
  watch({heartbeat("a.test/edge", Duration{20})});
  ASSERT_TRUE(run_until([this] { return told_.size() == 3; }));
  EXPECT_EQ(told_[2].last.reason, Reason::LeaseExpired);
  EXPECT_EQ(engine_->results(kFirst).size(), 3U);
}

TEST_F(HeartbeatTest, ComesBackByBeating) {
  watch({heartbeat("a.test/edge", Duration{200})});
  ASSERT_TRUE(run_until([this] { return !told_.empty(); }));
  EXPECT_EQ(engine_->beat("a.test/edge", "b7c1"), Beat::Renewed);
  EXPECT_EQ(engine_->verdict(kFirst).state, State::Recovering);
  EXPECT_EQ(engine_->beat("a.test/edge", "b7c1"), Beat::Renewed);
  EXPECT_EQ(engine_->verdict(kFirst).state, State::Up);
}

TEST_F(HeartbeatTest, IsRenewedByItsOwnTokenAlone) {
  watch({heartbeat("a.test/edge", kNever), heartbeat("a.test/other", kNever, "ffff")});
  EXPECT_EQ(engine_->beat("a.test/edge", "ffff"), Beat::WrongToken);
  EXPECT_EQ(engine_->beat("a.test/edge", ""), Beat::WrongToken);
  EXPECT_EQ(engine_->beat("a.test/none", "b7c1"), Beat::NoSuchTarget);
  EXPECT_TRUE(told_.empty());
  EXPECT_EQ(engine_->beat("a.test/other", "ffff"), Beat::Renewed);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].target, TargetId{1});
}

TEST_F(HeartbeatTest, RenewsEveryCheckOfTheEndpoint) {
  watch({heartbeat("a.test/edge", kNever), heartbeat("a.test/edge", kNever - Duration{1000})});
  EXPECT_EQ(engine_->beat("a.test/edge", "b7c1"), Beat::Renewed);
  EXPECT_EQ(told_.size(), 2U);
}

TEST_F(HeartbeatTest, KeepsItsLeaseOverAReload) {
  const Target edge = heartbeat("a.test/edge", kNever);
  watch({edge});
  ASSERT_EQ(engine_->beat("a.test/edge", "b7c1"), Beat::Renewed);
  watch({heartbeat("a.test/other", kNever), edge});
  EXPECT_EQ(engine_->verdict(TargetId{1}).state, State::Up);
  ASSERT_EQ(engine_->beat("a.test/edge", "b7c1"), Beat::Renewed);
  EXPECT_EQ(told_.back().target, TargetId{1});
}

TEST_F(HeartbeatTest, IsForgottenWhenItIsGone) {
  watch({heartbeat("a.test/edge", Duration{20})});
  watch({});
  EXPECT_EQ(engine_->beat("a.test/edge", "b7c1"), Beat::NoSuchTarget);
  io_.restart();
  io_.run_for(seconds(30));
  EXPECT_TRUE(io_.stopped());  // nothing is left to do
  EXPECT_TRUE(told_.empty());
}

TEST_F(HeartbeatTest, IsNotWaitedForAtTheStart) {
  watch({heartbeat("a.test/edge", kNever)});
  bool done = false;
  engine_->when_settled(kNever, [&done] { done = true; });
  EXPECT_TRUE(run_until([&done] { return done; }));
}

TEST_F(HeartbeatTest, MayEndTheEngineByItsReport) {
  watch({heartbeat("a.test/edge", kNever), heartbeat("a.test/edge", kNever - Duration{1000})});
  on_report_ = [this] { engine_.reset(); };
  EXPECT_EQ(engine_->beat("a.test/edge", "b7c1"), Beat::Renewed);
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(HeartbeatTest, MayEndTheEngineByItsExpiry) {
  watch({heartbeat("a.test/edge", Duration{20}), heartbeat("a.test/other", Duration{20})});
  on_report_ = [this] { engine_.reset(); };
  EXPECT_TRUE(run_until([this] { return engine_ == nullptr; }));
  io_.restart();
  io_.run_for(seconds(30));
  EXPECT_TRUE(io_.stopped());
  EXPECT_EQ(told_.size(), 1U);
}

}  // namespace
}  // namespace probes
