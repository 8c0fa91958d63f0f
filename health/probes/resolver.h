// Addresses of names to probe.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "health/check.h"
#include "health/probes/deadline.h"

namespace probes {

// Looks names up on a few threads of its own, because getaddrinfo blocks, and remembers. The event
// loop never waits; a name that hangs holds up only those who asked for it.
//
// An address is good for kFresh; after that it goes on being used while it is looked up again, for
// kStale altogether. A failure is remembered for kFailure.
//
// Threads: the executor's, the look-up function apart.
class Resolver {
 public:
  // The address of a name, none if there is none. Called on several threads at a time.
  using LookUp = std::function<std::optional<boost::asio::ip::address>(const std::string& name)>;

  static constexpr std::chrono::seconds kFresh{60};
  static constexpr std::chrono::hours kStale{1};
  static constexpr std::chrono::seconds kFailure{5};
  static constexpr int kThreads = 4;

  explicit Resolver(boost::asio::any_io_executor executor);  // by getaddrinfo
  Resolver(boost::asio::any_io_executor executor, LookUp look_up);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver();

  // Nothing is posted to the executor any more, and nobody gets an answer. A look-up that is under
  // way is left to itself: it cannot be stopped, and nobody waits for it.
  void close();

  // None: there is no such name, or the deadline has passed. `now` is the present.
  // Requires: the resolver and the deadline outlive the operation.
  boost::asio::awaitable<std::optional<boost::asio::ip::address>> resolve(std::string name,
                                                                          health::Instant now,
                                                                          Deadline& deadline);

 private:
  struct Entry;
  struct Queue;

  void refresh(const std::string& name, Entry& entry, health::Instant now);
  void take_in(const std::string& name, std::optional<boost::asio::ip::address> found);
  static void work(std::shared_ptr<Queue> queue);
  void add_thread();

  std::shared_ptr<Queue> queue_;  // shared with the threads, which may outlive the resolver
  boost::asio::any_io_executor executor_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
};

}  // namespace probes
