// Shows what health checks cost and how punctual they are.
//
//   build/release/bench/probe_load build/fairlead [--seconds N] [--targets N] [--interval MS]
//                                  [--udp-load QPS] [--slow N] [--more 'TEXT']
//   build/release/bench/probe_load --in-process ...
//
// Starts the given binary on loopback with `--targets` endpoints (20,000), half of them checked by
// tcp and half by http at `--interval` (10 s), each on an address of 127.0.0.0/8 of its own, lets
// one interval and a few seconds pass, and measures for `--seconds` (60): the share of a core and
// the memory of the whole process, probes per second, and how late they started.
// --udp-load: asks the server over UDP meanwhile, and before that one without checks.
// --slow: runs a second time, when so many of the targets accept and never answer.
// --in-process: without the server, the engine of probes by itself; the start of each probe is
// known then, and with --slow the starts of both runs are compared one by one.
// `--more` is added to fairlead.yaml. Fails unless all hold of the run without slow targets: at
// most 12 % of a core, 120 MB, and a 99th percentile of the lateness of at most 50 ms.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <future>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "bench/probe_engine.h"
#include "bench/probe_targets.h"
#include "bench/running_server.h"
#include "bench/well_behaved.h"

namespace {

using std::chrono::seconds;

constexpr seconds kQuiet{30};  // without checks, for the comparison
constexpr double kMostOfACore = 0.12;
constexpr double kMostMegabytes = 120;
constexpr double kMostLate = 0.050;  // s, 99th percentile
constexpr std::size_t kEndpointsPerZone = 1000;
constexpr std::size_t kMembersPerPool = 100;
constexpr std::uint64_t kSeed = 7;

struct Arguments {
  std::string program;
  std::string more;
  bool in_process = false;
  seconds time{60};
  std::size_t targets = 20'000;
  std::size_t slow = 0;
  std::chrono::milliseconds interval{10'000};
  unsigned udp_per_second = 0;

  [[nodiscard]] seconds settle() const { return std::chrono::ceil<seconds>(interval) + seconds(4); }
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  if (argc < 2 || argc % 2 != 0) throw std::runtime_error("usage: see the head of the source");
  arguments.program = argv[1];
  arguments.in_process = arguments.program == "--in-process";
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string option = argv[i];
    const long value = std::strtol(argv[i + 1], nullptr, 10);
    if (option == "--more") {
      arguments.more = std::string(argv[i + 1]) + "\n";
    } else if (option == "--seconds") {
      arguments.time = seconds(value);
    } else if (option == "--targets") {
      arguments.targets = static_cast<std::size_t>(value);
    } else if (option == "--slow") {
      arguments.slow = static_cast<std::size_t>(std::max(value, 0L));
    } else if (option == "--interval") {
      arguments.interval = std::chrono::milliseconds(value);
    } else if (option == "--udp-load") {
      arguments.udp_per_second = static_cast<unsigned>(value);
    } else {
      throw std::runtime_error("unknown option " + option);
    }
  }
  arguments.slow = std::min(arguments.slow, arguments.targets);
  return arguments;
}

// 127.16.0.1 and on, 250 addresses of each /24.
std::string address_of(std::size_t index) {
  return "127." + std::to_string(16 + index / 62'500) + "." + std::to_string(index / 250 % 250) +
         "." + std::to_string(1 + index % 250);
}

std::string zone_text(const Arguments& arguments, const bench::ProbeTargets& targets,
                      std::size_t first, std::size_t last, std::size_t quick) {
  const std::string often =
      ", interval: " + std::to_string(arguments.interval.count()) + "ms, timeout: 2s}\n";
  std::string text = "zone: z" + std::to_string(first) + ".test\nchecks:\n";
  text += "  tcp: {type: tcp, port: " + std::to_string(targets.tcp_port()) + often;
  text +=
      "  http: {type: http, path: /healthz, port: " + std::to_string(targets.http_port()) + often;
  text += "  slow: {type: http, port: " + std::to_string(targets.silent_port()) + often;
  std::string pools = "pools:\n";
  std::string records = "records:\n  \"@\": {NS: ns1}\n  ns1: {A: 192.0.2.53}\n";
  text += "endpoints:\n";
  for (std::size_t i = first; i < last; ++i) {
    const std::string name = "e" + std::to_string(i);
    const char* check = i >= quick ? "slow" : i % 2 == 0 ? "tcp" : "http";
    text += "  " + name + ": {A: " + address_of(i) + ", check: " + check + "}\n";
    if ((i - first) % kMembersPerPool == 0) {
      pools += "  p" + std::to_string(i) + ": {members: [" + name;
      records += "  w" + std::to_string(i) + ": {dynamic: p" + std::to_string(i) + "}\n";
    } else {
      pools += ", " + name;
    }
    if (i + 1 == last || (i + 1 - first) % kMembersPerPool == 0) pools += "]}\n";
  }
  return text + pools + records;
}

std::map<std::string, std::string> zone_files(const Arguments& arguments,
                                              const bench::ProbeTargets& targets,
                                              std::size_t slow) {
  std::map<std::string, std::string> files;
  const std::size_t count = arguments.targets;
  for (std::size_t first = 0; first < count; first += kEndpointsPerZone) {
    const std::size_t last = std::min(first + kEndpointsPerZone, count);
    files["z" + std::to_string(first) + ".test.yaml"] =
        zone_text(arguments, targets, first, last, count - slow);
  }
  return files;
}

// --- How late, from a histogram of the server's metrics ---

using Metrics = std::map<std::string, double>;
// Upper bound in seconds, and how many were not above it.
using Buckets = std::vector<std::pair<double, double>>;

double value_of(const Metrics& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  return found == metrics.end() ? 0 : found->second;
}

Buckets lateness_between(const Metrics& before, const Metrics& after) {
  const std::string prefix = "fairlead_probe_start_lateness_seconds_bucket{le=\"";
  Buckets buckets;
  for (const auto& [name, value] : after) {
    if (!name.starts_with(prefix)) continue;
    const std::string bound = name.substr(prefix.size(), name.rfind('"') - prefix.size());
    buckets.emplace_back(bound == "+Inf" ? INFINITY : std::strtod(bound.c_str(), nullptr),
                         value - value_of(before, name));
  }
  std::sort(buckets.begin(), buckets.end());
  return buckets;
}

// The bound of the bucket that it lies in: never less than the truth.
double quantile(const Buckets& buckets, double part) {
  for (const auto& [bound, count] : buckets)
    if (count >= part * buckets.back().second) return bound;
  return INFINITY;
}

// --- The whole server ---

struct Measured {
  double user = 0;    // shares of a core
  double system = 0;  // likewise
  double per_second = 0;
  double late_over_100_ms = 0;
  bench::Usage usage;
  Buckets late;
  double in_flight = 0;
  bench::Experience udp;
};

Measured measure(const bench::RunningServer& server, seconds time, unsigned udp_per_second) {
  Measured measured;
  const Metrics metrics = server.metrics();
  const bench::Usage before = server.usage();
  const auto begun = std::chrono::steady_clock::now();
  std::atomic<bool> stop{false};
  std::future<bench::Experience> udp;
  if (udp_per_second > 0) {
    udp = std::async(std::launch::async,
                     [&] { return bench::probe_udp(server.port(), udp_per_second, stop); });
  }
  std::this_thread::sleep_for(time);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  measured.usage = server.usage();
  stop = true;
  if (udp.valid()) measured.udp = udp.get();
  const Metrics now = server.metrics();
  const auto grown = [&](const char* name) {
    return value_of(now, name) - value_of(metrics, name);
  };
  measured.user = (measured.usage.user_seconds - before.user_seconds) / took.count();
  measured.system = (measured.usage.system_seconds - before.system_seconds) / took.count();
  measured.per_second = grown("fairlead_probes_started_total") / took.count();
  measured.late_over_100_ms = grown("fairlead_probes_late_total");
  measured.in_flight = value_of(now, "fairlead_probes_in_flight");
  measured.late = lateness_between(metrics, now);
  return measured;
}

double megabytes(std::size_t octets) { return static_cast<double>(octets) / 1e6; }
double milliseconds(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / 1e6;
}

void print(const bench::Experience& udp) {
  if (udp.asked == 0) return;
  std::printf("  UDP: %zu asked, %zu answered, p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms\n",
              udp.asked, udp.answered, milliseconds(udp.quantile(0.5)),
              milliseconds(udp.quantile(0.99)), milliseconds(udp.quantile(0.999)));
}

void print(const char* what, const Measured& measured) {
  std::printf("%s\n  %.1f %% of a core (user %.1f, system %.1f), RSS %.0f MB, peak %.0f MB\n", what,
              100 * (measured.user + measured.system), 100 * measured.user, 100 * measured.system,
              megabytes(measured.usage.resident), megabytes(measured.usage.peak_resident));
  std::printf(
      "  %.0f probes/s, %.0f in flight; late: p50 <= %g ms, p99 <= %g ms, all <= %g ms, "
      "%.0f over 100 ms\n",
      measured.per_second, measured.in_flight, 1e3 * quantile(measured.late, 0.5),
      1e3 * quantile(measured.late, 0.99), 1e3 * quantile(measured.late, 1),
      measured.late_over_100_ms);
  print(measured.udp);
}

bool holds(const Measured& measured) {
  return measured.user + measured.system <= kMostOfACore && measured.per_second > 0 &&
         megabytes(measured.usage.peak_resident) <= kMostMegabytes &&
         quantile(measured.late, 0.99) <= kMostLate;
}

int run_server(const Arguments& arguments) {
  const bench::ProbeTargets targets;
  if (arguments.udp_per_second > 0) {
    const bench::RunningServer quiet(arguments.program, arguments.more);
    print("without checks",
          measure(quiet, std::min(arguments.time, kQuiet), arguments.udp_per_second));
  }
  const auto run = [&](std::size_t slow) {
    const bench::RunningServer server(arguments.program, arguments.more,
                                      zone_files(arguments, targets, slow));
    std::this_thread::sleep_for(arguments.settle());
    return measure(server, arguments.time, arguments.udp_per_second);
  };
  const Measured measured = run(0);
  print("with checks", measured);
  if (arguments.slow > 0) print("with slow targets", run(arguments.slow));
  const bool good = holds(measured);
  std::printf("at most %g %% of a core, %g MB, p99 %g ms: %s\n", 100 * kMostOfACore, kMostMegabytes,
              1e3 * kMostLate, good ? "holds" : "DOES NOT HOLD");
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

// --- The engine by itself ---

std::vector<health::Target> targets_for(const Arguments& arguments,
                                        const bench::ProbeTargets& server, std::size_t slow) {
  std::vector<health::Target> targets(arguments.targets);
  const std::size_t quick = arguments.targets - slow;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    targets[i].address = address_of(i);
    health::CheckSpec& check = targets[i].check;
    const bool tcp = i % 2 == 0 && i < quick;
    check.type = tcp ? health::ProbeType::Tcp : health::ProbeType::Http;
    check.port = tcp ? server.tcp_port() : i < quick ? server.http_port() : server.silent_port();
    check.http.path = "/healthz";
    check.interval = arguments.interval;
  }
  return targets;
}

template <typename Time>
Time quantile(std::vector<Time>& times, double part) {
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  const auto index = static_cast<std::size_t>(part * static_cast<double>(times.size()));
  return times[std::min(index, times.size() - 1)];
}

void print(const char* what, bench::EngineRun& run, seconds time) {
  const auto long_for = static_cast<double>(time.count());
  std::printf("%s\n  %.1f %% of a core (user %.1f, system %.1f), ", what,
              100 * (run.user_seconds + run.system_seconds) / long_for,
              100 * run.user_seconds / long_for, 100 * run.system_seconds / long_for);
  std::printf("%.0f probes/s, %zu failed, at most %zu in flight\n",
              static_cast<double>(run.late.size()) / long_for, run.failed, run.most_in_flight);
  std::printf("  late: p50 %g ms, p99 %g ms, max %g ms; RSS of all %.0f MB\n",
              milliseconds(quantile(run.late, 0.5)), milliseconds(quantile(run.late, 0.99)),
              milliseconds(quantile(run.late, 1)), megabytes(bench::usage_of(::getpid()).resident));
}

// By how much the start is away from the nearest of `starts`, which are in order and not empty.
std::chrono::nanoseconds distance(const std::vector<std::chrono::nanoseconds>& starts,
                                  std::chrono::nanoseconds start) {
  const auto after = std::lower_bound(starts.begin(), starts.end(), start);
  const auto behind = after == starts.end() ? std::prev(after) : after;
  const auto before = after == starts.begin() ? after : std::prev(after);
  return std::min(std::chrono::abs(*behind - start), std::chrono::abs(start - *before));
}

// By how much the starts of the same probes differ, from the time on when the first round is over.
// The targets before `quick` are compared.
void compare(const bench::EngineRun& without, const bench::EngineRun& with, std::size_t quick,
             seconds settled) {
  std::vector<std::chrono::nanoseconds> moved;
  for (std::size_t i = 0; i < quick; ++i) {
    if (without.starts[i].empty()) continue;
    const auto end = without.starts[i].back();
    for (const auto start : with.starts[i])
      if (start >= settled && start <= end) moved.push_back(distance(without.starts[i], start));
  }
  std::printf(
      "starts of %zu probes of the others moved by: p50 %.3f ms, p99 %.3f ms, max %.3f ms\n",
      moved.size(), milliseconds(quantile(moved, 0.5)), milliseconds(quantile(moved, 0.99)),
      milliseconds(quantile(moved, 1)));
}

int run_in_process(const Arguments& arguments) {
  const bench::ProbeTargets server;
  bench::EngineRun run = bench::run_engine(targets_for(arguments, server, 0), kSeed,
                                           arguments.settle(), arguments.time);
  print("engine", run, arguments.time);
  if (arguments.slow > 0) {
    bench::EngineRun slow = bench::run_engine(targets_for(arguments, server, arguments.slow), kSeed,
                                              arguments.settle(), arguments.time);
    print("with slow targets", slow, arguments.time);
    compare(run, slow, arguments.targets - arguments.slow, arguments.settle());
  }
  const bool good = (run.user_seconds + run.system_seconds) <=
                        kMostOfACore * static_cast<double>(arguments.time.count()) &&
                    milliseconds(quantile(run.late, 0.99)) <= 1e3 * kMostLate;
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    rlimit descriptors{};
    ::getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
    const Arguments arguments = parse(argc, argv);
    return arguments.in_process ? run_in_process(arguments) : run_server(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "probe_load: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
