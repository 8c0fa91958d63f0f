#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "health/probes/engine.h"
#include "server/loaded.h"
#include "server/metrics.h"
#include "server/publisher.h"

namespace boost::asio {
class io_context;
}

namespace server {

// Where the two roads meet: joins what files say with who stands, and publishes it.
//
// Threads: everything on the io_context's thread.   Borrows: all it is given.
class Control {
 public:
  Control(boost::asio::io_context& io, Publisher& publisher, Metrics& metrics, std::uint64_t seed);
  ~Control();

  // Takes over what was loaded: checks that did not change go on, others stop and start.
  // `publish_now`: at a reload; at the start it is `when_settled` that publishes first.
  void adopt(Loaded loaded, bool publish_now);

  // Calls `done` after one round of checks, bounded (the longest timeout, at most three seconds),
  // with the verdicts published.
  void when_settled(std::function<void()> done);

  [[nodiscard]] const Loaded& loaded() const noexcept { return loaded_; }
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

  // What the newest result of a target was, for people: "connection refused, 3s ago".
  [[nodiscard]] std::string verdict_text(health::TargetId target) const;

 private:
  struct Timer;

  void on_report(const probes::Engine::Report& report);
  void log_transition(const probes::Engine::Report& report);
  void publish();
  void publish_soon();
  void collect_later();
  void show_endpoints();
  void index_faces();

  // An endpoint's address that a target judges.
  struct JudgedFace {
    steering::EndpointId endpoint;
    dnswire::Family family;
  };

  Publisher& publisher_;
  Metrics& metrics_;
  Loaded loaded_;
  std::uint64_t generation_ = 0;
  std::vector<std::vector<JudgedFace>> faces_;  // by target
  bool serving_ = false;
  std::unique_ptr<Timer> timer_;
  probes::Engine engine_;
};

}  // namespace server
