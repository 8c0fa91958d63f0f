// Shows that a hostile crowd on TCP costs neither UDP clients nor other TCP clients anything.
//
//   build/release/bench/hostile_tcp build/fairlead [--seconds N] [--quiet N] [--connections N]
//                                   [--connects N] [--nice N] [--more 'TEXT']
//
// Starts the given binary on loopback and measures, first in a quiet phase, then under the crowd of
// bench/hostile_crowd.h:
// - 500 UDP queries a second: the time from sending to the reply's arrival in the kernel;
// - 10 TCP queries a second on a new connection each, and 10 on ten kept-open ones, from an address
//   that the crowd does not use.
// The crowd stands for other machines, so its thread runs at a low weight (nice 10, `--nice`).
// `--more` is added to fairlead.yaml. Fails unless the 99th percentile of UDP stays within twice
// the quiet one and all TCP queries are answered.
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <future>
#include <thread>

#include "bench/hostile_crowd.h"
#include "bench/running_server.h"
#include "bench/well_behaved.h"

namespace {

using bench::Experience;
using std::chrono::seconds;

constexpr unsigned kUdpPerSecond = 500;
constexpr unsigned kTcpPerSecond = 10;  // of each kind
constexpr std::size_t kKept = 10;
constexpr double kMostUdpRatio = 2;

struct Arguments {
  std::string program;
  std::string more;
  seconds hostile{60};
  seconds quiet{20};
  int nice = 10;
  bench::CrowdOptions crowd;
};

struct Phase {
  Experience udp;
  Experience anew;
  Experience kept;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  if (argc < 2 || argc % 2 != 0) throw std::runtime_error("usage: see the head of the source");
  arguments.program = argv[1];
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string option = argv[i];
    const long value = std::strtol(argv[i + 1], nullptr, 10);
    if (option == "--more") {
      arguments.more = std::string(argv[i + 1]) + "\n";
    } else if (option == "--seconds") {
      arguments.hostile = seconds(value);
    } else if (option == "--quiet") {
      arguments.quiet = seconds(value);
    } else if (option == "--connections") {
      arguments.crowd.connections = static_cast<std::size_t>(value);
    } else if (option == "--connects") {
      arguments.crowd.connects_per_second = static_cast<unsigned>(value);
    } else if (option == "--nice") {
      arguments.nice = static_cast<int>(value);
    } else {
      throw std::runtime_error("unknown option " + option);
    }
  }
  return arguments;
}

Phase measure(std::uint16_t port, seconds time) {
  std::atomic<bool> stop{false};
  auto udp =
      std::async(std::launch::async, [&] { return bench::probe_udp(port, kUdpPerSecond, stop); });
  auto anew =
      std::async(std::launch::async, [&] { return bench::ask_anew(port, kTcpPerSecond, stop); });
  auto kept = std::async(std::launch::async,
                         [&] { return bench::ask_on_kept(port, kTcpPerSecond, kKept, stop); });
  std::this_thread::sleep_for(time);
  stop = true;
  return {udp.get(), anew.get(), kept.get()};
}

double milliseconds(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / 1e6;
}

void print(const char* what, const Experience& experience) {
  const double served = experience.asked == 0 ? 0
                                              : 100.0 * static_cast<double>(experience.answered) /
                                                    static_cast<double>(experience.asked);
  std::printf("%-22s %8zu %9.3f%% %9.3f %9.3f %9.3f %9.3f %9zu\n", what, experience.asked, served,
              milliseconds(experience.quantile(0.5)), milliseconds(experience.quantile(0.99)),
              milliseconds(experience.quantile(0.999)), milliseconds(experience.quantile(1)),
              experience.reopened);
}

void print(const char* when, const Phase& phase) {
  std::printf("%-22s %8s %10s %9s %9s %9s %9s %9s\n", when, "asked", "answered", "p50 ms", "p99 ms",
              "p99.9 ms", "max ms", "reopened");
  print("  UDP", phase.udp);
  print("  TCP, new connection", phase.anew);
  print("  TCP, kept open", phase.kept);
}

bool all_answered(const Experience& experience) {
  return experience.asked > 0 && experience.answered == experience.asked;
}

int run(const Arguments& arguments) {
  rlimit descriptors{};
  ::getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &descriptors);

  const bench::RunningServer server(arguments.program, arguments.more);
  const Phase quiet = measure(server.port(), arguments.quiet);
  print("quiet", quiet);

  std::atomic<bool> stop{false};
  auto crowd = std::async(std::launch::async, [&] {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), arguments.nice);
    return bench::run_crowd(server.port(), arguments.crowd, stop);
  });
  const double processor = server.processor_seconds();
  const Phase hostile = measure(server.port(), arguments.hostile);
  const double used = server.processor_seconds() - processor;
  stop = true;
  const bench::CrowdReport report = crowd.get();
  print("hostile crowd", hostile);

  const auto seconds_long = static_cast<double>(arguments.hostile.count());
  std::printf(
      "\nthe crowd: %zu clients, %.0f connects/s, %zu closed by the server, %zu failed, "
      "%.1f MiB sent\n",
      arguments.crowd.connections, static_cast<double>(report.connects) / seconds_long,
      report.closed, report.failed, static_cast<double>(report.octets) / (1 << 20));
  std::printf("the server: %.0f %% of a core\n", 100 * used / seconds_long);
  for (const auto& [name, value] : server.metrics()) {
    if (name.rfind("fairlead_tcp_", 0) == 0) std::printf("%-45s %10.0f\n", name.c_str(), value);
  }

  const double ratio = milliseconds(hostile.udp.quantile(0.99)) /
                       std::max(milliseconds(quiet.udp.quantile(0.99)), 1e-6);
  const bool holds = ratio <= kMostUdpRatio && all_answered(hostile.udp) &&
                     all_answered(hostile.anew) && all_answered(hostile.kept);
  std::printf("UDP p99 hostile/quiet: %.2f (at most %.0f); %s\n", ratio, kMostUdpRatio,
              holds ? "holds" : "DOES NOT HOLD");
  return holds ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(parse(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hostile_tcp: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
