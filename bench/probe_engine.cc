#include "bench/probe_engine.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "health/probes/engine.h"

namespace bench {
namespace {

using std::chrono::steady_clock;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

EngineRun run_engine(std::vector<health::Target> targets, std::uint64_t seed,
                     std::chrono::seconds settle, std::chrono::seconds time) {
  EngineRun run;
  boost::asio::io_context io(1);
  run.starts.resize(targets.size());
  bool measuring = false;
  steady_clock::time_point begun;
  std::optional<probes::Engine> engine;
  engine.emplace(io, seed, [&](const probes::Engine::Report& report) {
    run.starts[static_cast<std::size_t>(report.target)].push_back(report.after.last.started -
                                                                  begun);
    if (!measuring) return;
    run.late.push_back(report.late);
    run.most_in_flight = std::max(run.most_in_flight, engine->counters().in_flight);
    if (!report.after.last.passed) ++run.failed;
  });
  begun = steady_clock::now();
  engine->watch(std::move(targets), {});
  io.run_until(begun + settle);
  measuring = true;
  rusage before{};
  ::getrusage(RUSAGE_THREAD, &before);
  io.run_until(begun + settle + time);
  rusage after{};
  ::getrusage(RUSAGE_THREAD, &after);
  run.user_seconds = seconds(after.ru_utime) - seconds(before.ru_utime);
  run.system_seconds = seconds(after.ru_stime) - seconds(before.ru_stime);
  return run;
}

}  // namespace bench
