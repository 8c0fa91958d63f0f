// Keeps the books of one run: phases, clocks and the tally.
#pragma once

#include <cstdint>

#include "bench/load/options.h"
#include "bench/load/outstanding.h"
#include "bench/load/pacing.h"
#include "bench/load/query_set.h"
#include "bench/load/tally.h"
#include "dnswire/bytes.h"

namespace load {

// Borrows: options and queries.
class Ledger {
 public:
  Ledger(const Options& options, const QuerySet& queries, Time start);

  // To be called whenever time has passed: enters the phase that has come.
  void advance(Time now);
  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  [[nodiscard]] bool may_send() const noexcept { return phase_ != Phase::Drain; }
  // How many more may be sent at all.
  [[nodiscard]] std::uint64_t left() const noexcept;

  // What is sent next, due at `due`. Requires: may_send().
  [[nodiscard]] Asked ask(Time due, Time now) noexcept;
  void take_back() noexcept;               // the last one was not sent after all
  void lose(const Asked& asked) noexcept;  // no reply came in time
  // A reply to `asked`, which came at `now`.
  void reply(const Asked& asked, dnswire::Bytes message, Time now) noexcept;
  void late() noexcept;   // a reply to nothing
  void wrong() noexcept;  // not a reply

  [[nodiscard]] bool is_over(std::size_t waiting) const noexcept {
    return phase_ == Phase::Drain && waiting == 0;
  }
  [[nodiscard]] Tally& tally() noexcept { return outcome_.tally; }
  void note_lag(std::chrono::nanoseconds behind) noexcept;
  [[nodiscard]] const Outcome& outcome() const noexcept { return outcome_; }

 private:
  void open_books(Time now);
  void close_books(Time now);

  const Options& options_;
  const QuerySet& queries_;
  Plan plan_;
  Time start_;
  Time measured_from_;
  Phase phase_ = Phase::WarmUp;
  std::uint64_t asked_ = 0;
  std::size_t next_ = 0;
  Outcome outcome_;
};

}  // namespace load
