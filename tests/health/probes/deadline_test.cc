#include "health/probes/deadline.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>

namespace probes {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::hours kLater{1};

TEST(Deadline, RunsTheCutWhenItPasses) {
  boost::asio::io_context io;
  Deadline deadline(io.get_executor(), steady_clock::now());
  int cuts = 0;
  const Deadline::Guard guard = deadline.cut_with([&] { ++cuts; });
  EXPECT_FALSE(deadline.has_passed());
  io.run();
  EXPECT_TRUE(deadline.has_passed());
  EXPECT_EQ(cuts, 1);
}

TEST(Deadline, RunsNothingAfterTheGuard) {
  boost::asio::io_context io;
  Deadline deadline(io.get_executor(), steady_clock::now());
  {
    const Deadline::Guard guard = deadline.cut_with([] { ADD_FAILURE(); });
  }
  io.run();
  EXPECT_TRUE(deadline.has_passed());
}

TEST(Deadline, RunsNothingAfterItsOwnEnd) {
  boost::asio::io_context io;
  {
    Deadline deadline(io.get_executor(), steady_clock::now());
    const Deadline::Guard guard = deadline.cut_with([] { ADD_FAILURE(); });
  }
  io.run();
}

TEST(Deadline, KeepsNobodyWaitingAfterItsOwnEnd) {
  boost::asio::io_context io;
  std::optional<Deadline> deadline(std::in_place, io.get_executor(), steady_clock::now() + kLater);
  deadline.reset();
  io.run();  // returns
}

TEST(Deadline, CutsAtOnceWhoComesTooLate) {
  boost::asio::io_context io;
  Deadline deadline(io.get_executor(), steady_clock::now());
  io.run();
  bool cut = false;
  const Deadline::Guard guard = deadline.cut_with([&] { cut = true; });
  EXPECT_TRUE(cut);
}

}  // namespace
}  // namespace probes
