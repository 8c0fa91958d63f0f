#include "health/probes/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "health/probes/run_process.h"

namespace probes {
namespace {

using End = ProcessResult::End;
using health::Duration;
using std::chrono::steady_clock;

constexpr Duration kShort{150};

ProcessSpec shell(const std::string& script) {
  ProcessSpec spec;
  spec.argv = {"sh", "-c", script};
  spec.timeout = Duration{60'000};
  return spec;
}

ProcessResult run(const ProcessSpec& spec) {
  boost::asio::io_context io;
  std::optional<ProcessResult> ended;
  run_process(io, spec, [&](ProcessResult result) { ended = std::move(result); });
  EXPECT_FALSE(ended) << "told before run_process() returned";
  io.run();
  return ended.value_or(ProcessResult{End::NotStarted, -1, {}});
}

// Gone, or dead and waiting for its parent.
bool is_dead(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string number, name, state;
  file >> number >> name >> state;
  return !file || state == "Z" || state == "X";
}

bool dies_soon(const std::string& pid) {
  for (int i = 0; i < 500 && !is_dead(pid); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return is_dead(pid);
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

bool has_children() {
  siginfo_t how{};
  return waitid(P_ALL, 0, &how, WEXITED | WNOHANG | WNOWAIT) == 0;
}

TEST(RunProcess, TellsStatusAndOutput) {
  const ProcessResult good = run(shell("echo fine"));
  EXPECT_TRUE(good.passed());
  EXPECT_EQ(good.output, "fine\n");
  const ProcessResult bad = run(shell("echo broken >&2; exit 3"));
  EXPECT_EQ(bad.end, End::Exited);
  EXPECT_EQ(bad.code, 3);
  EXPECT_EQ(bad.output, "broken\n");
  EXPECT_FALSE(has_children());
}

TEST(RunProcess, TellsASignal) {
  const ProcessResult result = run(shell("kill -SEGV $$"));
  EXPECT_EQ(result.end, End::Signaled);
  EXPECT_EQ(result.code, SIGSEGV);
  EXPECT_EQ(describe(shell(""), result), "killed by SIGSEGV");
}

TEST(RunProcess, UsesNoShell) {
  ProcessSpec spec = shell("");
  spec.argv = {"echo", "$HOME", "a b", ";", "false"};
  EXPECT_EQ(run(spec).output, "$HOME a b ; false\n");
}

TEST(RunProcess, SaysWhyAProgramCannotRun) {
  ProcessSpec spec;
  spec.argv = {"/nonexistent/check"};
  const ProcessResult missing = run(spec);
  EXPECT_EQ(missing.end, End::NotStarted);
  EXPECT_EQ(describe(spec, missing),
            "cannot run \"/nonexistent/check\": no such file or directory");
  spec.argv = {"/etc/passwd"};
  EXPECT_EQ(describe(spec, run(spec)), "cannot run \"/etc/passwd\": permission denied");
  spec.argv = {};
  EXPECT_EQ(run(spec).end, End::NotStarted);
}

TEST(RunProcess, HandsDownLittleOfTheEnvironment) {
  ASSERT_EQ(setenv("FAIRLEAD_TEST_SECRET", "x", 1), 0);
  ProcessSpec spec = shell("");
  spec.argv = {"env"};
  spec.environment = {{"FAIRLEAD_ADDRESS", "192.0.2.1"}};
  std::istringstream lines(run(spec).output);
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);)
    names.push_back(line.substr(0, line.find('=')));
  EXPECT_EQ(names, (std::vector<std::string>{"PATH", "LANG", "FAIRLEAD_ADDRESS"}));
  unsetenv("FAIRLEAD_TEST_SECRET");
}

TEST(RunProcess, FeedsStandardInput) {
  ProcessSpec spec = shell("");
  spec.argv = {"wc", "-c"};
  spec.input = std::string(300'000, 'x');
  EXPECT_EQ(run(spec).output, "300000\n");
  spec.input.clear();
  EXPECT_EQ(run(spec).output, "0\n");
  spec.argv = {"cat", "/dev/stdin"};
  spec.input = "an event";
  EXPECT_EQ(run(spec).output, "an event");
}

TEST(RunProcess, LetsAProgramLeaveItsInputUnread) {
  ProcessSpec spec = shell("exit 0");
  spec.input = std::string(1'000'000, 'x');
  EXPECT_TRUE(run(spec).passed());
}

TEST(RunProcess, LeavesNoDescriptorOpen) {
  // One that nobody thought of closing.
  const int inherited = open("/dev/null", O_RDONLY);
  ASSERT_GE(inherited, 0);
  const ProcessResult result = run(shell("ls -1 /proc/$$/fd"));
  close(inherited);
  // 0, 1, 2; some shells keep one more for the script.
  EXPECT_TRUE(result.output == "0\n1\n2\n" || result.output == "0\n1\n10\n2\n") << result.output;
}

TEST(RunProcess, LeavesNoSignalIgnored) {
  const auto former = signal(SIGPIPE, SIG_IGN);
  const ProcessResult result = run(shell("kill -PIPE $$; echo still here"));
  signal(SIGPIPE, former);
  EXPECT_EQ(result.end, End::Signaled);
  EXPECT_EQ(result.code, SIGPIPE);
}

TEST(RunProcess, KeepsTheBeginningOfMuchOutput) {
  const ProcessResult result = run(shell("head -c 60000 /dev/zero | tr '\\0' x; exit 5"));
  EXPECT_EQ(result.end, End::Exited);
  EXPECT_EQ(result.code, 5);
  EXPECT_EQ(result.output, std::string(kMaxOutputKept, 'x'));
}

TEST(RunProcess, EndsAProgramThatFloods) {
  const auto started = steady_clock::now();
  const ProcessResult result = run(shell("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"));
  EXPECT_EQ(result.end, End::Flooded);
  EXPECT_EQ(result.output.size(), kMaxOutputKept);
  EXPECT_EQ(describe(shell(""), result), "wrote more than 64 KiB");
  EXPECT_LT(steady_clock::now() - started, std::chrono::seconds(30));
  EXPECT_FALSE(has_children());
}

TEST(RunProcess, KillsTheWholeGroupWhenItsTimeIsOver) {
  ProcessSpec spec = shell("sleep 1000 & echo $!; trap '' TERM INT; wait; sleep 1000");
  spec.timeout = kShort;
  const auto started = steady_clock::now();
  const ProcessResult result = run(spec);
  EXPECT_GE(steady_clock::now() - started, kShort);
  EXPECT_EQ(result.end, End::TimedOut);
  EXPECT_EQ(describe(spec, result), "still running after 150ms");
  const std::string child = result.output.substr(0, result.output.find('\n'));
  ASSERT_TRUE(is_number(child)) << result.output;
  EXPECT_TRUE(dies_soon(child));
  EXPECT_FALSE(has_children());
}

TEST(RunProcess, WaitsForNoChildThatAProgramLeaves) {
  const ProcessResult result = run(shell("sleep 1000 & echo $!"));
  EXPECT_TRUE(result.passed());
  const std::string child = result.output.substr(0, result.output.find('\n'));
  ASSERT_TRUE(is_number(child)) << result.output;
  EXPECT_TRUE(dies_soon(child));
}

TEST(RunProcess, IsStoppedByWhatItReturns) {
  boost::asio::io_context io;
  bool told = false;
  const auto stop =
      run_process(io, shell("sleep 1000"), [&](const ProcessResult&) { told = true; });
  boost::asio::post(io, stop);
  io.run();
  EXPECT_FALSE(told);
  EXPECT_FALSE(has_children());
  stop();  // of no consequence
}

TEST(RunProcess, LeavesNothingBehindWhenTheEventLoopEnds) {
  std::string child;
  {
    boost::asio::io_context io;
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("fairlead-process-" + std::to_string(getpid()));
    run_process(io, shell("echo $$ > " + file.string() + "; exec sleep 1000"),
                [](const ProcessResult&) { ADD_FAILURE(); });
    for (int i = 0; i < 1000 && !is_number(child); ++i) {
      io.run_for(std::chrono::milliseconds(5));
      std::ifstream(file) >> child;
    }
    std::filesystem::remove(file);
  }
  ASSERT_TRUE(is_number(child));
  EXPECT_TRUE(dies_soon(child));
  siginfo_t how{};
  waitid(P_ALL, 0, &how, WEXITED);  // the loop was gone before the program was
}

TEST(RunProcess, RunsManyAtATime) {
  boost::asio::io_context io;
  int passed = 0;
  for (int i = 0; i < 20; ++i)
    run_process(io, shell("exit 0"),
                [&](const ProcessResult& result) { passed += result.passed(); });
  io.run();
  EXPECT_EQ(passed, 20);
  EXPECT_FALSE(has_children());
}

TEST(RunToEnd, EndsTheProgramWhenItIsCancelled) {
  boost::asio::io_context io;
  boost::asio::cancellation_signal cancel;
  bool passed = true;
  boost::asio::co_spawn(
      io, run_to_end(shell("sleep 1000")),
      boost::asio::bind_cancellation_slot(
          cancel.slot(), [&](const std::exception_ptr& problem, const ProcessResult& result) {
            passed = !problem && result.passed();
          }));
  boost::asio::post(io, [&] { cancel.emit(boost::asio::cancellation_type::terminal); });
  io.run();
  EXPECT_FALSE(passed);
  EXPECT_FALSE(has_children());
}

TEST(DescribeProcess, ShowsTheFirstLineOfTheOutput) {
  const ProcessSpec spec;
  EXPECT_EQ(describe(spec, {End::Exited, 0, "all fine\n"}), "");
  EXPECT_EQ(describe(spec, {End::Exited, 2, ""}), "exit status 2");
  EXPECT_EQ(describe(spec, {End::Exited, 2, "\ndisk is\tfull\nmore\n"}),
            "exit status 2: disk is\\x09full");
}

}  // namespace
}  // namespace probes
