#include "health/probes/process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string_view>

#include "health/probes/outcome.h"
#include "health/probes/run_process.h"
#include "health/probes/spawn.h"

namespace probes {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using End = ProcessResult::End;

bool is_shortage(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == EAGAIN || error == ENOMEM;
}

ProcessResult not_started(int error) {
  return {is_shortage(error) ? End::NoResource : End::NotStarted, error, {}};
}

// A program from its start to its reaping. Handlers keep it alive until the program is reaped, even
// if nobody waits for the result any more.
class Running : public std::enable_shared_from_this<Running> {
 public:
  Running(const asio::any_io_executor& executor, ProcessSpec spec, OnProcessEnd done)
      : spec_(std::move(spec)),
        done_(std::move(done)),
        exit_(executor),
        output_(executor),
        deadline_(executor) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  // Comes to something only where the event loop itself is gone.
  ~Running() {
    kill_group();
    reap(WNOHANG);
  }

  void start() {
    const Spawned spawned = spawn(spec_);
    if (spawned.error != 0) {
      result_ = not_started(spawned.error);
      asio::post(deadline_.get_executor(), [self = shared_from_this()] { self->tell(); });
      return;
    }
    pid_ = spawned.pid;
    output_.assign(spawned.output);
    exit_.assign(spawned.exit);
    wait_for_exit();
    read_output();
    wait_for_deadline();
  }

  void stop() {
    done_ = nullptr;
    finish();
  }

 private:
  void wait_for_exit() {
    exit_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](const error_code&) { self->on_exit(); });
  }

  // At the end of the output the program may still run: its exit counts.
  void read_output() {
    reading_ = true;
    output_.async_read_some(asio::buffer(chunk_),
                            [self = shared_from_this()](const error_code& error, std::size_t n) {
                              self->reading_ = false;
                              self->keep(n);
                              if (self->exited_) {
                                self->conclude();
                              } else if (!error && !self->finished_) {
                                self->read_output();
                              }
                            });
  }

  void wait_for_deadline() {
    deadline_.expires_after(spec_.timeout);
    deadline_.async_wait([self = shared_from_this()](const error_code& error) {
      if (error || self->finished_) return;
      self->result_.end = End::TimedOut;
      self->finish();
      self->tell();
    });
  }

  void keep(std::size_t count) {
    read_ += count;
    const std::size_t room = kMaxOutputKept - result_.output.size();
    result_.output.append(chunk_.data(), std::min(count, room));
    if (!is_flooded() || finished_) return;
    result_.end = End::Flooded;
    finish();
    tell();
  }
  [[nodiscard]] bool is_flooded() const noexcept { return read_ > kMaxOutputRead; }

  // The program is dead, but its number stays its own until it is reaped: the group is safe to
  // kill.
  void on_exit() {
    kill_group();
    how_ = reap(0);
    exited_ = true;
    // A read may have taken octets that its handler has yet to hand over: that one goes on.
    error_code ignored;
    if (reading_) {
      output_.cancel(ignored);
    } else {
      conclude();
    }
  }

  void conclude() {
    if (!finished_) keep_what_is_left();
    if (finished_) return;
    result_.end = how_.si_code == CLD_EXITED ? End::Exited : End::Signaled;
    result_.code = how_.si_status;
    finish();
    tell();
  }

  // What the program wrote and nobody has read yet. Bounded: a child that it left may go on
  // writing.
  void keep_what_is_left() {
    error_code error;
    output_.non_blocking(true, error);
    while (!error && !finished_) {
      const std::size_t count = output_.read_some(asio::buffer(chunk_), error);
      keep(count);
    }
  }

  void finish() {
    finished_ = true;
    kill_group();
    error_code ignored;
    output_.close(ignored);
    deadline_.cancel();
  }

  void tell() {
    if (!done_) return;
    const OnProcessEnd done = std::exchange(done_, nullptr);
    done(std::move(result_));
  }

  void kill_group() const noexcept {
    if (pid_ > 0) ::kill(-pid_, SIGKILL);
  }

  siginfo_t reap(int flags) noexcept {
    siginfo_t how{};
    if (pid_ > 0 && waitid(P_PID, static_cast<id_t>(pid_), &how, WEXITED | flags) == 0) pid_ = -1;
    return how;
  }

  ProcessSpec spec_;
  OnProcessEnd done_;
  pid_t pid_ = -1;  // -1: not started, or reaped
  asio::posix::stream_descriptor exit_;
  asio::posix::stream_descriptor output_;
  asio::steady_timer deadline_;
  std::array<char, 4096> chunk_;
  std::size_t read_ = 0;
  bool reading_ = false;
  bool exited_ = false;    // and reaped
  siginfo_t how_{};        // it exited
  bool finished_ = false;  // the result stands
  ProcessResult result_;
};

std::string first_line(std::string_view output) {
  const std::size_t start = output.find_first_not_of("\r\n");
  if (start == std::string_view::npos) return {};
  const std::string_view line = output.substr(start);
  return printable(line.substr(0, line.find_first_of("\r\n")));
}

std::string with_first_line(std::string text, const std::string& output) {
  const std::string line = first_line(output);
  return line.empty() ? text : text + ": " + line;
}

std::string signal_name(int signal) {
  const char* const name = sigabbrev_np(signal);
  return name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(signal);
}

// What the coroutine and the end of the program share; the timer never expires by itself.
struct Waiting {
  explicit Waiting(const asio::any_io_executor& executor)
      : wake(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer wake;
  ProcessResult result{End::Signaled, SIGKILL, {}};
};

struct StopAtEnd {
  explicit StopAtEnd(std::function<void()> stop_) : stop(std::move(stop_)) {}
  StopAtEnd(const StopAtEnd&) = delete;
  StopAtEnd& operator=(const StopAtEnd&) = delete;
  ~StopAtEnd() { stop(); }
  std::function<void()> stop;
};

}  // namespace

std::string describe(const ProcessSpec& spec, const ProcessResult& result) {
  switch (result.end) {
    case End::Exited:
      if (result.code == 0) return {};
      return with_first_line("exit status " + std::to_string(result.code), result.output);
    case End::Signaled:
      return with_first_line("killed by " + signal_name(result.code), result.output);
    case End::TimedOut:
      return "still running after " + to_text(spec.timeout);
    case End::Flooded:
      return "wrote more than " + std::to_string(kMaxOutputRead / 1024) + " KiB";
    case End::NotStarted:
    case End::NoResource:
      break;
  }
  const std::string program = spec.argv.empty() ? std::string() : printable(spec.argv.front(), 200);
  return "cannot run \"" + program +
         "\": " + failure_of({result.code, boost::system::system_category()}).detail;
}

std::function<void()> run_process(const asio::any_io_executor& executor, ProcessSpec spec,
                                  OnProcessEnd done) {
  const auto running = std::make_shared<Running>(executor, std::move(spec), std::move(done));
  running->start();
  return [weak = std::weak_ptr(running)] {
    if (const auto still = weak.lock()) still->stop();
  };
}

std::function<void()> run_process(asio::io_context& io, ProcessSpec spec, OnProcessEnd done) {
  return run_process(asio::any_io_executor(io.get_executor()), std::move(spec), std::move(done));
}

asio::awaitable<ProcessResult> run_to_end(ProcessSpec spec) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto waiting = std::make_shared<Waiting>(executor);
  OnProcessEnd done = [waiting](ProcessResult result) {
    waiting->result = std::move(result);
    waiting->wake.cancel();
  };
  const StopAtEnd stop(run_process(executor, std::move(spec), std::move(done)));
  co_await waiting->wake.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return std::move(waiting->result);
}

}  // namespace probes
