#include "server/control/builder.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <numeric>
#include <thread>
#include <vector>

namespace control {
namespace {

TEST(Builder, RunsJobsOneAfterTheOtherOnAThreadOfItsOwn) {
  std::vector<int> order;
  std::vector<std::thread::id> threads;
  std::promise<void> done;
  Builder builder;
  for (int i = 0; i < 100; ++i) {
    builder.post([&, i] {
      order.push_back(i);
      threads.push_back(std::this_thread::get_id());
      if (i == 99) done.set_value();
    });
  }
  done.get_future().wait();
  std::vector<int> expected(100);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(order, expected);
  EXPECT_THAT(threads, testing::Each(threads.front()));
  EXPECT_NE(threads.front(), std::this_thread::get_id());
}

TEST(Builder, FinishesTheJobInHandAndDropsTheOthers) {
  std::promise<void> started;
  std::promise<void> go_on;
  std::atomic<int> finished = 0;
  std::thread releaser;
  {
    Builder builder;
    builder.post([&] {
      started.set_value();
      go_on.get_future().wait();
      ++finished;
    });
    started.get_future().wait();
    builder.post([&] { finished += 100; });
    releaser = std::thread([&] { go_on.set_value(); });
    // The destructor may find the second job begun only if the first one ended before it: both
    // ends are right, a job cut in half is not.
  }
  releaser.join();
  EXPECT_TRUE(finished == 1 || finished == 101) << finished;
}

TEST(Builder, WaitsForTheJobInHandOnlySoLong) {
  std::promise<void> started;
  std::promise<void> go_on;
  Builder builder;
  EXPECT_TRUE(builder.finish(std::chrono::milliseconds{0}));
  builder.post([&] {
    started.set_value();
    go_on.get_future().wait();
  });
  started.get_future().wait();
  EXPECT_FALSE(builder.finish(std::chrono::milliseconds{1}));
  go_on.set_value();
  EXPECT_TRUE(builder.finish(std::chrono::minutes{1}));
}

}  // namespace
}  // namespace control
