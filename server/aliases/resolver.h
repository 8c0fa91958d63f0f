#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/aliases/ledger.h"
#include "server/aliases/resolv_conf.h"

namespace boost::asio {
class io_context;
}

namespace aliases {

// Keeps the addresses of names outside our zones at hand, for ALIAS: asks recursive resolvers for
// each family of each target, again shortly before its TTL is over. While nobody tells, what was
// told last goes on being served, for as long as it takes. Answers are believed as far as the
// resolvers can be trusted: nothing is validated here.
//
// Threads: everything on the io_context's thread, callbacks included.
class Resolver {
 public:
  struct Options {
    Timing timing;
    std::string resolv_conf = "/etc/resolv.conf";
    std::size_t max_in_flight = 64;  // questions at a time
  };

  // `on_change`: an answer has made table() another one. `on_event`: for the log.
  // `seed` places the jitter. Borrows: `io`.
  Resolver(boost::asio::io_context& io, std::uint64_t seed, std::function<void()> on_change,
           std::function<void(const Event&)> on_event);
  Resolver(boost::asio::io_context& io, std::uint64_t seed, std::function<void()> on_change,
           std::function<void(const Event&)> on_event, Options options);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver();  // nothing is asked or called any more

  // Replaces what is asked for, and who: no servers means those of resolv.conf, read now. What is
  // known of targets that stay is kept; `saved` is for the others, which are asked for at once.
  void adopt(const std::vector<dnswire::Name>& targets, std::vector<Server> servers,
             const std::vector<SavedAddresses>& saved = {});

  [[nodiscard]] std::shared_ptr<const answer::AliasTable> table() const;  // never null

  // Calls `done` once, but not from here: when of every target something is known, or it was asked
  // for in vain, or when `limit` has passed.
  void when_settled(Duration limit, std::function<void()> done);

  // What to hand to `adopt` in another life.
  [[nodiscard]] std::vector<SavedAddresses> save() const;

  [[nodiscard]] const std::vector<Server>& servers() const noexcept;  // that are asked

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace aliases
