#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/config/health_options.h"

namespace boost::asio {
class io_context;
}

namespace hooks {

enum class Kind : std::uint8_t { Transition, Alarm };

// Something to tell, as JSON; `id` is unique, so that who is told twice can see it.
struct Event {
  Kind kind = Kind::Transition;
  std::string id;
  std::string json;
};

// Tells web services and programs of events: each hook has a bounded queue and its own pace, is
// tried again with growing pauses, and delays nobody else.
//
// A web service gets a POST with the event as its body and, with a secret, X-Fairlead-Signature; a
// 2xx takes it, anything else is a failure. A program gets the event as its standard input and
// FAIRLEAD_EVENT ("transition", "alarm") and FAIRLEAD_ID in its environment; exit status 0 takes
// it.
//
// Threads: everything on the io_context's thread.   Borrows: `io`.
class Dispatcher {
 public:
  struct Counters {
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;   // attempts
    std::uint64_t dropped = 0;  // events given up: too many attempts, a queue that was full, or a
                                // hook that is gone
    std::size_t waiting = 0;    // events
  };

  struct Pace {
    std::chrono::milliseconds first{1'000};     // pause after a failure; each one doubles it
    std::chrono::milliseconds longest{60'000};  // a fifth more or less, by chance
    unsigned web_attempts = 10;
    unsigned program_attempts = 3;
    std::size_t max_waiting = 1'000;                   // events a hook, at least 2
    std::chrono::milliseconds between_losses{60'000};  // from one sentence on them to the next
  };

  // Hears of a hook that begins to fail and of one that works again, and of events given up for
  // good: these in one sentence for all of a hook's in `between_losses`, the first at once.
  using Tell = std::function<void(const std::string& sentence, bool bad)>;

  explicit Dispatcher(boost::asio::io_context& io, Tell tell = nullptr);
  // Requires: `tell` calls nothing of the Dispatcher that is not const.
  Dispatcher(boost::asio::io_context& io, const Pace& pace, Tell tell = nullptr);
  ~Dispatcher();  // gives up what waits
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Replaces the hooks; one that is unchanged keeps its queue.
  void set_hooks(std::vector<config::HookOptions> hooks);
  // Never blocks.
  void post(const Event& event);

  [[nodiscard]] Counters counters() const noexcept;
  // What is wrong with each hook whose newest attempt failed, joined by "; "; "": nothing is.
  [[nodiscard]] std::string problem() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hooks
