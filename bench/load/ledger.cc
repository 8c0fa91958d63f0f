#include "bench/load/ledger.h"

#include <algorithm>

#include "bench/load/processor_time.h"

namespace load {
namespace {

std::chrono::nanoseconds from_seconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(seconds));
}

bool is_reply(dnswire::Bytes message) noexcept {
  return message.size() >= kHeaderSize && (message[2] & 0x80) != 0;  // QR, RFC 1035 4.1.1
}

bool repeats(dnswire::Bytes message, dnswire::Bytes question) noexcept {
  return message.size() >= kHeaderSize + question.size() &&
         std::equal(question.begin(), question.end(), message.begin() + kHeaderSize);
}

}  // namespace

Ledger::Ledger(const Options& options, const QuerySet& queries, Time start)
    : options_(options),
      queries_(queries),
      plan_{from_seconds(options.warm_up), from_seconds(options.seconds), options.number},
      start_(start) {
  advance(start);
}

void Ledger::advance(Time now) {
  if (phase_ == Phase::Drain) return;
  const Phase next = plan_.phase(now - start_, asked_);
  const bool is_open = phase_ == Phase::Measured;
  if (!is_open && next != Phase::WarmUp) open_books(now);
  if (next == Phase::Drain) close_books(now);
  phase_ = next;
}

void Ledger::open_books(Time now) {
  measured_from_ = now;
  outcome_.server_time = processor_time(options_.server_processes);
  outcome_.generator_time = own_processor_time();
}

void Ledger::close_books(Time now) {
  outcome_.measured = now - measured_from_;
  outcome_.server_time = processor_time(options_.server_processes) - outcome_.server_time;
  outcome_.generator_time = own_processor_time() - outcome_.generator_time;
}

std::uint64_t Ledger::left() const noexcept {
  return plan_.number == 0 ? UINT64_MAX : plan_.number - std::min(plan_.number, asked_);
}

Asked Ledger::ask(Time due, Time now) noexcept {
  const auto query = static_cast<std::uint32_t>(next_);
  if (++next_ == queries_.size()) next_ = 0;
  ++asked_;
  const bool measured = phase_ == Phase::Measured;
  if (measured) ++outcome_.tally.sent;
  return {due, now, query, measured};
}

void Ledger::take_back() noexcept {
  next_ = (next_ == 0 ? queries_.size() : next_) - 1;
  --asked_;
  if (phase_ == Phase::Measured) --outcome_.tally.sent;
}

void Ledger::lose(const Asked& asked) noexcept {
  if (asked.measured) ++outcome_.tally.lost;
}

void Ledger::reply(const Asked& asked, dnswire::Bytes message, Time now) noexcept {
  if (!is_reply(message) ||
      (options_.verify && !repeats(message, queries_.question(asked.query)))) {
    wrong();
    return lose(asked);
  }
  if (now - asked.sent > options_.timeout) {
    late();
    return lose(asked);
  }
  Tally& tally = outcome_.tally;
  if (phase_ == Phase::Measured) ++tally.arrived;
  if (!asked.measured) return;
  ++tally.answered;
  ++tally.rcodes[message[3] & 15];
  if ((message[2] & 2) != 0) ++tally.truncated;
  tally.octets += message.size();
  tally.latency.record(now - asked.due);
}

void Ledger::late() noexcept {
  if (phase_ != Phase::WarmUp) ++outcome_.tally.late;
}

void Ledger::wrong() noexcept {
  if (phase_ != Phase::WarmUp) ++outcome_.tally.wrong;
}

void Ledger::note_lag(std::chrono::nanoseconds behind) noexcept {
  if (phase_ == Phase::Measured) outcome_.behind = std::max(outcome_.behind, behind);
}

}  // namespace load
