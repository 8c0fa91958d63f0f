#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "health/board.h"
#include "health/check.h"
#include "health/judge.h"

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
  // A result, told after it has been judged.
  struct Report {
    health::TargetId target;
    const health::Target& what;
    const health::Verdict& before;
    const health::Verdict& after;
  };
  using OnReport = std::function<void(const Report&)>;

  // `seed` places the jitter. Borrows: `io`.
  Engine(boost::asio::io_context& io, std::uint64_t seed, OnReport on_report);
  ~Engine();  // stops all probes; nothing is reported any more

  // Replaces what is watched: equal targets keep their verdict and their schedule, new ones are
  // probed at once, those that are gone stop at once and are not reported again. TargetIds are
  // indices into this list from now on.
  void watch(std::vector<health::Target> targets);

  // Calls `done` once, when every target watched now has a first result or `limit` has passed.
  void when_settled(health::Duration limit, std::function<void()> done);

  [[nodiscard]] health::Board board() const;
  [[nodiscard]] std::span<const health::Target> targets() const noexcept;
  [[nodiscard]] const health::Verdict& verdict(health::TargetId target) const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace probes
