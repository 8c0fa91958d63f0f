#include "health/probes/deadline.h"

#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace probes {

namespace asio = boost::asio;

struct Deadline::State {
  State(const asio::any_io_executor& executor, health::Instant when) : timer(executor, when) {}

  asio::steady_timer timer;
  std::function<void()> cut;
  bool passed = false;
};

Deadline::Deadline(const asio::any_io_executor& executor, health::Instant when)
    : state_(std::make_shared<State>(executor, when)) {
  state_->timer.async_wait([state = state_](const boost::system::error_code& error) {
    if (error) return;
    state->passed = true;
    if (state->cut) state->cut();
  });
}

Deadline::~Deadline() {
  state_->cut = nullptr;
  state_->timer.cancel();
}

bool Deadline::has_passed() const noexcept { return state_->passed; }

Deadline::Guard Deadline::cut_with(std::function<void()> cut) {
  state_->cut = std::move(cut);
  if (state_->passed) state_->cut();
  return Guard(*this);
}

Deadline::Guard::~Guard() { deadline_.state_->cut = nullptr; }

}  // namespace probes
