#include "health/probes/places.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace probes {

namespace asio = boost::asio;

asio::awaitable<bool> Places::take() {
  if (free_ > 0) {
    --free_;
    co_return true;
  }
  const auto waiter = std::make_shared<Waiter>(co_await asio::this_coro::executor);
  queue_.push_back(waiter);
  co_await waiter->wake.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!waiter->has_place) std::erase(queue_, waiter);
  co_return waiter->has_place;
}

void Places::give_back() {
  if (queue_.empty()) {
    ++free_;
    return;
  }
  const std::shared_ptr<Waiter> next = queue_.front();
  queue_.pop_front();
  next->has_place = true;
  next->wake.cancel();
}

}  // namespace probes
