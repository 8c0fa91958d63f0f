// Hooks that are programs.
#include "server/hooks/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/server/hooks/web_service.h"

namespace hooks {
namespace {

using boost::asio::io_context;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Dispatcher::Pace kQuick{milliseconds{1}, milliseconds{4}, 10, 3, 5};

class DispatcherProgram : public testing::Test {
 protected:
  DispatcherProgram() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "fairlead-hook-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~DispatcherProgram() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  void write(const std::string& name) const { std::ofstream(path(name)) << "x"; }
  // Keeps what a Dispatcher tells; "+" goes before good news.
  [[nodiscard]] Dispatcher::Tell listener() {
    return [this](const std::string& sentence, bool bad) {
      told.push_back((bad ? "" : "+") + sentence);
    };
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name)).rdbuf();
    return text.str();
  }
  // A hook that runs `script` with the folder as $1.
  [[nodiscard]] config::HookOptions shell(const std::string& script) const {
    config::HookOptions options;
    options.argv = {"/bin/sh", "-c", script, "hook", folder_.string()};
    options.timeout = milliseconds{10'000};
    return options;
  }
  bool eventually(const std::function<bool()>& condition) { return run_until(io, condition); }

  io_context io;
  std::vector<std::string> told;
  std::filesystem::path folder_;
};

TEST_F(DispatcherProgram, GetsTheEventOnItsInput) {
  Dispatcher dispatcher(io, kQuick);
  dispatcher.set_hooks(
      {shell("cat > $1/input; echo $FAIRLEAD_EVENT $FAIRLEAD_ID > $1/environment")});
  const std::string json =
      nlohmann::json{{"text", "quote ' and \n"}, {"long", std::string(9000, 'x')}}.dump();
  dispatcher.post({Kind::Alarm, "id-1", json});
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().delivered == 1; }));
  EXPECT_EQ(read("input"), json);
  EXPECT_EQ(read("environment"), "alarm id-1\n");
  EXPECT_EQ(dispatcher.problem(), "");
}

TEST_F(DispatcherProgram, IsTriedThreeTimes) {
  Dispatcher dispatcher(io, kQuick);
  dispatcher.set_hooks({shell("echo x >> $1/tries; echo no room; exit 3")});
  dispatcher.post({Kind::Transition, "id-1", "{}"});
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().dropped == 1; }));
  EXPECT_EQ(read("tries"), "x\nx\nx\n");
  EXPECT_EQ(dispatcher.counters().failed, 3U);
  EXPECT_EQ(dispatcher.problem(), "hook /bin/sh: exit status 3: no room");
}

TEST_F(DispatcherProgram, ThatHangsIsKilled) {
  Dispatcher dispatcher(io, {milliseconds{60'000}, milliseconds{60'000}, 10, 3, 5});
  config::HookOptions options = shell("echo $$ > $1/pid; sleep 1000");
  options.timeout = milliseconds{500};
  dispatcher.set_hooks({options});
  dispatcher.post({Kind::Transition, "id-1", "{}"});
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().failed == 1; }));
  EXPECT_THAT(dispatcher.problem(), HasSubstr("still running after 500ms"));
  const int pid = std::stoi(read("pid"));
  EXPECT_TRUE(eventually([&] { return ::kill(pid, 0) != 0; }));
}

TEST_F(DispatcherProgram, IsKilledWithTheDispatcher) {
  int pid = 0;
  {
    Dispatcher dispatcher(io, kQuick);
    dispatcher.set_hooks({shell("echo $$ > $1/pid.new; mv $1/pid.new $1/pid; sleep 1000")});
    dispatcher.post({Kind::Transition, "id-1", "{}"});
    ASSERT_TRUE(eventually([&] { return std::filesystem::exists(path("pid")); }));
    pid = std::stoi(read("pid"));
  }
  EXPECT_TRUE(eventually([&] { return ::kill(pid, 0) != 0; }));
}

TEST_F(DispatcherProgram, ThatIsNotThereIsAProblem) {
  Dispatcher dispatcher(io, kQuick);
  config::HookOptions options;
  options.argv = {"/nosuch/program"};
  dispatcher.set_hooks({options});
  dispatcher.post({Kind::Transition, "id-1", "{}"});
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().dropped == 1; }));
  EXPECT_THAT(dispatcher.problem(), HasSubstr("/nosuch/program"));
}

TEST_F(DispatcherProgram, SaysWhatIsWrongWithEachHook) {
  Dispatcher dispatcher(io, {milliseconds{60'000}, milliseconds{60'000}, 10, 3, 5});
  config::HookOptions alarms = shell("exit 1");
  alarms.transitions = false;
  config::HookOptions transitions = shell("exit 2");
  transitions.alarms = false;
  dispatcher.set_hooks({alarms, transitions, shell("exit 0")});
  dispatcher.post({Kind::Transition, "id-1", "{}"});
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().failed == 1; }));
  EXPECT_EQ(dispatcher.problem(), "hook /bin/sh: exit status 2");
  dispatcher.post({Kind::Alarm, "id-2", "{}"});
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().failed == 2; }));
  EXPECT_EQ(dispatcher.problem(), "hook /bin/sh: exit status 1; hook /bin/sh: exit status 2");
  dispatcher.set_hooks({transitions});
  EXPECT_EQ(dispatcher.problem(), "hook /bin/sh: exit status 2");
}

TEST_F(DispatcherProgram, TellsWhenItBeginsToFailAndWhenItWorksAgain) {
  Dispatcher dispatcher(io, kQuick, listener());
  dispatcher.set_hooks({shell("test -e $1/room || exit 3")});
  dispatcher.post({Kind::Transition, "id-1", "{}"});
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().failed == 2; }));
  EXPECT_THAT(told, ElementsAre("hook /bin/sh: exit status 3")) << "once, not at each attempt";
  write("room");
  for (const char* id : {"id-2", "id-3"}) dispatcher.post({Kind::Transition, id, "{}"});
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().delivered >= 2; }));
  EXPECT_EQ(std::ranges::count(told, "hook /bin/sh: exit status 3"), 1);
  EXPECT_EQ(std::ranges::count(told, "+hook /bin/sh takes events again"), 1);
}

TEST_F(DispatcherProgram, TellsOfAnEventThatIsGivenUp) {
  Dispatcher dispatcher(io, kQuick, listener());
  dispatcher.set_hooks({shell("exit 3")});
  for (int i = 0; i < 2; ++i) dispatcher.post({Kind::Transition, "id", "{}"});
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().dropped == 2; }));
  EXPECT_THAT(told,
              ElementsAre("hook /bin/sh: exit status 3", "hook /bin/sh: 1 event given up for good"))
      << "the second one within the same minute";
}

TEST_F(DispatcherProgram, TellsOfLostEventsAtOnceAndThenOfManyTogether) {
  Dispatcher::Pace pace = kQuick;  // a queue of five
  pace.between_losses = milliseconds{20};
  Dispatcher dispatcher(io, pace, listener());
  dispatcher.set_hooks({shell("sleep 1000")});
  for (int i = 0; i < 9; ++i) dispatcher.post({Kind::Transition, "id", "{}"});
  EXPECT_THAT(told, ElementsAre("hook /bin/sh: 1 event given up for good"));
  ASSERT_TRUE(eventually([&] { return told.size() == 2; }));
  EXPECT_EQ(told.back(), "hook /bin/sh: 3 events given up for good");
  run_for(io, milliseconds{100});
  EXPECT_EQ(told.size(), 2U) << "nothing more was lost";
}

TEST_F(DispatcherProgram, TellsOfEventsThatGoWithTheirHook) {
  Dispatcher dispatcher(io, kQuick, listener());
  dispatcher.set_hooks({shell("sleep 1000")});
  for (int i = 0; i < 2; ++i) dispatcher.post({Kind::Transition, "id", "{}"});
  dispatcher.set_hooks({});
  EXPECT_THAT(told, ElementsAre("hook /bin/sh is gone: 2 events given up for good"));
}

}  // namespace
}  // namespace hooks
