// A Control on an io_context that the test runs, with all that it needs.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

#include "server/control/control.h"
#include "tests/server/control/configured.h"

namespace control {

class StartedControl : public Configured {
 protected:
  // One handler after the other, until the condition holds; a minute at most.
  void run_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "waited a minute";
      io_.restart();
      io_.run_one_for(std::chrono::seconds(1));
    }
  }

  void settle(Loaded loaded) {
    bool settled = false;
    control_.adopt(std::move(loaded), false);
    control_.when_settled([&settled] { settled = true; });
    run_until([&settled] { return settled; });
  }

  boost::asio::io_context io_;
  transport::Publisher publisher_{answer::empty_snapshot()};
  metrics::Metrics metrics_{"test"};
  Control control_{io_, publisher_, metrics_, 1};
};

}  // namespace control
