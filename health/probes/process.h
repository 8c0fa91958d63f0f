// Programs of this machine, run to their end without a thread that waits for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "health/check.h"

namespace boost::asio {
class io_context;
}

namespace probes {

inline constexpr std::size_t kMaxOutputKept = 4 * 1024;   // octets
inline constexpr std::size_t kMaxOutputRead = 64 * 1024;  // octets; who writes more is ended

struct ProcessSpec {
  // The program, looked for in PATH unless it holds a slash, and its arguments. No shell.
  std::vector<std::string> argv;
  // Name and value; besides PATH and LANG, which are ours. Nothing else is handed down.
  std::vector<std::pair<std::string, std::string>> environment;
  std::string input;  // standard input; empty: /dev/null
  health::Duration timeout{5000};
};

struct ProcessResult {
  enum class End : std::uint8_t {
    Exited,      // `code` is its status
    Signaled,    // `code` is the signal
    TimedOut,    // killed
    Flooded,     // killed: wrote more than kMaxOutputRead
    NotStarted,  // `code` is the errno: no such program, not executable
    NoResource,  // `code` is the errno: out of descriptors, processes or memory
  };
  End end = End::Exited;
  int code = 0;
  std::string output;  // standard output and standard error, the first kMaxOutputKept octets

  [[nodiscard]] bool passed() const noexcept { return end == End::Exited && code == 0; }
};

// What became of it, for people, printable ASCII: "exit status 2: disk is full" (the first line of
// the output), "killed by SIGSEGV", "still running after 5s". "" when it passed.
[[nodiscard]] std::string describe(const ProcessSpec& spec, const ProcessResult& result);

using OnProcessEnd = std::function<void(ProcessResult)>;

// Starts the program in a process group of its own and calls `done` once, later, on the thread of
// `io`. At its end, or the end of its time, whatever is left of the group is killed; nothing of us
// is open in it but standard input, output and error.
//
// Returns what ends it before: the group is killed and `done` is not called any more. It may be
// called at any time or thrown away.
std::function<void()> run_process(boost::asio::io_context& io, ProcessSpec spec, OnProcessEnd done);

}  // namespace probes
