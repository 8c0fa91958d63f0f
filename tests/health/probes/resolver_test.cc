#include "health/probes/resolver.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace probes {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::make_address;
using std::chrono::minutes;
using std::chrono::seconds;
using Found = std::optional<address>;

// Names that a test makes up. Shared with threads that may outlive the test.
class Names {
 public:
  Found look_up(const std::string& name) {
    std::unique_lock lock(mutex_);
    ++count_;
    asked_.notify_all();
    released_.wait(lock, [&] { return !held_.contains(name); });
    return answer_;
  }
  void answer_with(Found answer) {
    const std::lock_guard lock(mutex_);
    answer_ = answer;
  }
  void hold(const std::string& name) {
    const std::lock_guard lock(mutex_);
    held_.insert(name);
  }
  void release_all() {
    const std::lock_guard lock(mutex_);
    held_.clear();
    released_.notify_all();
  }
  // How many look-ups have begun.
  int count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    asked_.wait_for(lock, seconds(30), [&] { return count_ >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable asked_;
  std::condition_variable released_;
  std::set<std::string> held_;
  Found answer_ = make_address("192.0.2.1");
  int count_ = 0;
};

boost::asio::awaitable<Found> resolve_within(Resolver& resolver, std::string name,
                                             health::Instant now, health::Duration limit) {
  Deadline deadline(co_await boost::asio::this_coro::executor,
                    std::chrono::steady_clock::now() + limit);
  co_return co_await resolver.resolve(name, now, deadline);
}

class ResolverTest : public testing::Test {
 protected:
  ~ResolverTest() override { names_->release_all(); }

  // Begins, and runs what there is to run at once.
  std::shared_ptr<std::optional<Found>> begin(const std::string& name,
                                              health::Duration limit = seconds(60)) {
    auto result = std::make_shared<std::optional<Found>>();
    boost::asio::co_spawn(io_, resolve_within(resolver_, name, now_, limit),
                          [result](const std::exception_ptr& bug, Found found) {
                            if (bug) std::rethrow_exception(bug);
                            *result = found;
                          });
    io_.restart();
    io_.poll();
    return result;
  }
  Found finish(const std::shared_ptr<std::optional<Found>>& result) {
    io_.restart();
    while (!*result && io_.run_one() > 0) continue;
    return result->value_or(Found());
  }
  Found resolve(const std::string& name) { return finish(begin(name)); }
  // Lets an answer that nobody waits for come in.
  void take_in() {
    for (int i = 0; i < 1000; ++i) {
      io_.restart();
      if (io_.run_for(std::chrono::milliseconds(5)) > 0) return;
    }
  }

  const std::shared_ptr<Names> names_ = std::make_shared<Names>();
  boost::asio::io_context io_;
  Resolver resolver_{io_.get_executor(),
                     [names = names_](const std::string& name) { return names->look_up(name); }};
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  health::Instant now_{minutes(1000)};
};

TEST_F(ResolverTest, RemembersAnAddress) {
  EXPECT_EQ(resolve("a.example"), make_address("192.0.2.1"));
  now_ += seconds(59);
  EXPECT_EQ(resolve("a.example"), make_address("192.0.2.1"));
  EXPECT_EQ(names_->count(), 1);
}

TEST_F(ResolverTest, UsesAnOldAddressWhileItLooksForAnother) {
  EXPECT_TRUE(resolve("a.example"));
  now_ += seconds(61);
  names_->hold("a.example");
  EXPECT_EQ(*begin("a.example"), Found(make_address("192.0.2.1")));  // at once
  EXPECT_EQ(*begin("a.example"), Found(make_address("192.0.2.1")));
  names_->wait_for(2);
  names_->answer_with(make_address("192.0.2.2"));
  names_->release_all();
  take_in();
  EXPECT_EQ(resolve("a.example"), make_address("192.0.2.2"));
  EXPECT_EQ(names_->count(), 2);
}

TEST_F(ResolverTest, UsesAnOldAddressForAnHourOfFailures) {
  EXPECT_TRUE(resolve("a.example"));
  names_->answer_with({});
  now_ += minutes(59);
  EXPECT_TRUE(*begin("a.example"));
  take_in();
  EXPECT_TRUE(resolve("a.example"));
  now_ += minutes(2);
  EXPECT_FALSE(resolve("a.example"));
}

TEST_F(ResolverTest, RemembersAFailureForAShortWhile) {
  names_->answer_with({});
  EXPECT_FALSE(resolve("gone.example"));
  now_ += seconds(4);
  EXPECT_FALSE(resolve("gone.example"));
  EXPECT_EQ(names_->count(), 1);
  names_->answer_with(make_address("192.0.2.9"));
  now_ += seconds(2);
  EXPECT_EQ(resolve("gone.example"), make_address("192.0.2.9"));
}

TEST_F(ResolverTest, LooksUpOnceForAllWhoWait) {
  names_->hold("a.example");
  const auto first = begin("a.example");
  const auto second = begin("a.example");
  names_->wait_for(1);
  names_->release_all();
  EXPECT_TRUE(finish(first));
  EXPECT_TRUE(finish(second));
  EXPECT_EQ(names_->count(), 1);
}

TEST_F(ResolverTest, IsNotHeldUpByANameThatHangs) {
  names_->hold("hangs.example");
  const auto hanging = begin("hangs.example");
  for (const char* name : {"a.example", "b.example", "c.example"}) EXPECT_TRUE(resolve(name));
  EXPECT_FALSE(hanging->has_value());
  names_->release_all();
  EXPECT_TRUE(finish(hanging));
}

TEST_F(ResolverTest, EndsAtTheDeadline) {
  names_->hold("hangs.example");
  const auto hanging = begin("hangs.example", health::Duration{50});
  EXPECT_FALSE(finish(hanging));
  names_->release_all();
  take_in();
  EXPECT_TRUE(resolve("hangs.example"));  // it was not in vain
}

TEST_F(ResolverTest, AnswersNobodyOnceItIsClosed) {
  names_->hold("a.example");
  const auto waiting = begin("a.example");
  names_->wait_for(1);
  resolver_.close();
  EXPECT_FALSE(finish(waiting));
  EXPECT_FALSE(resolve("b.example"));
  EXPECT_EQ(names_->count(), 1);
}

TEST(Resolver, AsksTheSystem) {
  boost::asio::io_context io;
  Resolver resolver(io.get_executor());
  Found found;
  boost::asio::co_spawn(io,
                        resolve_within(resolver, "localhost", std::chrono::steady_clock::now(),
                                       std::chrono::seconds(60)),
                        [&](const std::exception_ptr&, Found result) { found = result; });
  io.run();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->is_loopback());
}

}  // namespace
}  // namespace probes
