#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "health/check.h"
#include "health/judge.h"
#include "health/watch.h"

namespace boost::asio {
class io_context;
}

namespace probes {

// Runs the checks of one configuration, each on its own schedule: one event loop, no thread per
// check, no round barrier; a slow target delays only itself.
//
// Threads: everything on the io_context's thread, callbacks included.
class Engine {
 public:
  struct Options {
    std::size_t max_in_flight = 1024;       // probes at a time; who comes over that waits in line
    std::uint32_t starts_per_address = 20;  // per second; 0: no limit
  };

  // A result, told after it has been judged.
  struct Report {
    health::TargetId target;
    const health::Target& what;
    const health::Verdict& before;
    const health::Verdict& after;
    // From when the probe was due, by its schedule and by the pace of its address, to when it
    // started; 0 for heartbeats.
    health::Duration late;
  };
  using OnReport = std::function<void(const Report&)>;

  // What an earlier process knew of a target.
  struct Remembered {
    health::Verdict verdict;
    std::vector<health::Result> results;
  };

  // `seed` places the jitter. Borrows: `io`.
  Engine(boost::asio::io_context& io, std::uint64_t seed, OnReport on_report);
  ~Engine();  // stops all probes; nothing is reported any more

  void set_options(const Options& options);

  // Replaces what is watched. `former[i]` is what target i was before (health::match_targets): it
  // keeps its verdict and its schedule; new ones are probed at once, those that are gone stop at
  // once and are not reported again. A new target whose address was down by a check that is gone
  // begins as down, one success short of up. `remembered` is by target, or empty; it is for new
  // targets alone. TargetIds are indices into `targets` from now on.
  void watch(std::shared_ptr<const std::vector<health::Target>> targets,
             std::span<const std::optional<health::TargetId>> former,
             std::vector<std::optional<Remembered>> remembered = {});
  void watch(std::vector<health::Target> targets,
             std::span<const std::optional<health::TargetId>> former,
             std::vector<std::optional<Remembered>> remembered = {});

  // Calls `done` once, when every target watched now that is probed has a verdict, by a result or
  // remembered, or `limit` has passed.
  void when_settled(health::Duration limit, std::function<void()> done);

  [[nodiscard]] std::span<const health::Target> targets() const noexcept;
  [[nodiscard]] const health::Verdict& verdict(health::TargetId target) const noexcept;
  [[nodiscard]] std::vector<health::Result> results(health::TargetId target) const;  // oldest first

  // To be judged anew: health::Watch::pardon. Not reported.
  void pardon(health::TargetId target);

  // A heartbeat came in for the target with this address ("ZONE/ENDPOINT").
  enum class Beat : std::uint8_t { Renewed, NoSuchTarget, WrongToken };
  Beat beat(std::string_view address, std::string_view token);

  struct Counters {
    std::size_t in_flight = 0;
    std::size_t waiting = 0;  // due, but over max_in_flight
    std::uint64_t started = 0;
    std::uint64_t late = 0;  // started over 100 ms after they were due
  };
  [[nodiscard]] Counters counters() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace probes
