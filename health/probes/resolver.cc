#include "health/probes/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace probes {
namespace {

namespace asio = boost::asio;
using asio::ip::address;
using Found = std::optional<address>;

struct FreeList {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

// The first address, in the order that the system prefers (RFC 6724).
Found look_up_by_system(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &list) != 0) return {};
  const std::unique_ptr<addrinfo, FreeList> owner(list);
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (each->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), each->ai_addr, each->ai_addrlen);
    return endpoint.address();
  }
  return {};
}

}  // namespace

// What is known of one name. The waiting timers never expire by themselves.
struct Resolver::Entry {
  Found found;
  health::Instant found_at{};
  std::optional<health::Instant> failed_at;
  bool looking = false;
  health::Instant asked_at{};  // when the newest look-up began
  std::vector<std::shared_ptr<asio::steady_timer>> waiting;

  [[nodiscard]] bool has_address(health::Instant now) const noexcept {
    return found && now - found_at < kStale;
  }
  [[nodiscard]] bool has_failed(health::Instant now) const noexcept {
    return failed_at && now - *failed_at < kFailure;
  }
  [[nodiscard]] bool is_due(health::Instant now) const noexcept {
    return !looking && !has_failed(now) && !(found && now - found_at < kFresh);
  }
};

// Between the resolver and its threads. `resolver` is null once it is closed; who posts to its
// executor holds the mutex.
struct Resolver::Queue {
  Resolver* resolver;
  LookUp look_up;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::string> names;
  int threads = 0;
  int idle = 0;
};

Resolver::Resolver(asio::any_io_executor executor)
    : Resolver(std::move(executor), look_up_by_system) {}

Resolver::Resolver(asio::any_io_executor executor, LookUp look_up)
    : queue_(std::make_shared<Queue>()), executor_(std::move(executor)) {
  queue_->resolver = this;
  queue_->look_up = std::move(look_up);
}

Resolver::~Resolver() { close(); }

void Resolver::close() {
  {
    const std::lock_guard lock(queue_->mutex);
    queue_->resolver = nullptr;
    queue_->names.clear();
  }
  queue_->changed.notify_all();
  for (const auto& [name, entry] : entries_)
    for (const auto& timer : entry->waiting) timer->cancel();
}

// A thread's life. It is detached, and so holds the queue by itself.
void Resolver::work(std::shared_ptr<Queue> queue) {
  std::unique_lock lock(queue->mutex);
  for (;;) {
    ++queue->idle;
    queue->changed.wait(lock, [&] { return queue->resolver == nullptr || !queue->names.empty(); });
    --queue->idle;
    if (queue->resolver == nullptr) return;
    const std::string name = std::move(queue->names.front());
    queue->names.pop_front();
    lock.unlock();
    Found found = queue->look_up(name);
    lock.lock();
    if (queue->resolver == nullptr) return;
    asio::post(queue->resolver->executor_, [queue, name, found] {
      if (queue->resolver != nullptr) queue->resolver->take_in(name, found);
    });
  }
}

// Requires: the mutex.
void Resolver::add_thread() {
  if (queue_->idle >= static_cast<int>(queue_->names.size()) || queue_->threads == kThreads) return;
  try {
    std::thread(work, queue_).detach();
    ++queue_->threads;
  } catch (const std::system_error&) {
    // Without one more thread the others have more to do; without any the name does not resolve.
  }
}

void Resolver::refresh(const std::string& name, Entry& entry, health::Instant now) {
  const std::lock_guard lock(queue_->mutex);
  if (queue_->resolver == nullptr) return;
  queue_->names.push_back(name);
  add_thread();
  if (queue_->threads == 0) {
    queue_->names.pop_back();
    return;
  }
  entry.looking = true;
  entry.asked_at = now;
  queue_->changed.notify_one();
}

void Resolver::take_in(const std::string& name, Found found) {
  Entry& entry = *entries_.at(name);
  entry.looking = false;
  if (found) {
    entry.found = found;
    entry.found_at = entry.asked_at;
    entry.failed_at.reset();
  } else {
    entry.failed_at = entry.asked_at;
  }
  for (const auto& timer : std::exchange(entry.waiting, {})) timer->cancel();
}

asio::awaitable<Found> Resolver::resolve(std::string name, health::Instant now,
                                         Deadline& deadline) {
  std::shared_ptr<Entry>& place = entries_[name];
  if (!place) place = std::make_shared<Entry>();
  const std::shared_ptr<Entry> entry = place;
  if (entry->is_due(now)) refresh(name, *entry, now);
  if (entry->has_address(now)) co_return entry->found;
  if (!entry->looking) co_return std::nullopt;

  const auto timer = std::make_shared<asio::steady_timer>(executor_, health::Instant::max());
  entry->waiting.push_back(timer);
  const std::function<void()> cut = [&timer] { timer->expires_at(health::Instant::min()); };
  const Deadline::Guard guard = deadline.cut_with(cut);
  co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
  std::erase(entry->waiting, timer);
  if (entry->looking || entry->failed_at) co_return std::nullopt;
  co_return entry->found;
}

}  // namespace probes
