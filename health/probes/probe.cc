#include "health/probes/probe.h"

#include <boost/asio/this_coro.hpp>
#include <cassert>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

#include "health/probes/attempt.h"
#include "health/probes/deadline.h"
#include "health/probes/outcome.h"
#include "health/probes/tools.h"

namespace probes {
namespace {

namespace asio = boost::asio;
using health::Observation;
using health::ProbeType;
using health::Reason;
using health::Target;
using std::chrono::steady_clock;

asio::awaitable<Outcome> attempt_at_address(Attempt& attempt) {
  switch (attempt.target.check.type) {
    case ProbeType::Tcp:
    case ProbeType::Http:
    case ProbeType::Https:
    case ProbeType::Tls:
      return probe_connection(attempt);
    case ProbeType::Dns:
      return probe_dns(attempt);
    case ProbeType::Icmp:
      return probe_icmp(attempt);
    case ProbeType::Exec:
    case ProbeType::Heartbeat:
      break;
  }
  assert(false);
  throw std::logic_error("a probe without an address to probe");
}

asio::awaitable<Outcome> attempt_all(Attempt& attempt, health::Instant now) {
  if (attempt.target.check.type == ProbeType::Exec) co_return co_await probe_by_program(attempt);
  boost::system::error_code error;
  attempt.address = asio::ip::make_address(attempt.target.address, error);
  if (error) {
    const auto found =
        co_await attempt.tools.resolver.resolve(attempt.target.address, now, attempt.deadline);
    if (!found)
      co_return Outcome{Reason::Unreachable,
                        printable(attempt.target.address) + " does not resolve"};
    attempt.address = *found;
  }
  Outcome outcome = co_await attempt_at_address(attempt);
  if (!attempt.deadline.has_passed()) co_return outcome;
  // Whatever an attempt that was cut off says, it says because it was cut off.
  co_return Outcome{Reason::Timeout, "no answer within " + to_text(attempt.target.check.timeout)};
}

// Exceptions here are ours: no memory, or a cancelled attempt that nobody waits for.
asio::awaitable<Outcome> attempt_or_say_why(Attempt& attempt, health::Instant now) {
  try {
    co_return co_await attempt_all(attempt, now);
  } catch (const std::exception& problem) {
    co_return Outcome{Reason::Resource, printable(problem.what())};
  }
}

}  // namespace

asio::awaitable<Observation> probe(std::shared_ptr<const Target> target,
                                   std::shared_ptr<Tools> tools) {
  const health::Instant started = steady_clock::now();
  Deadline deadline(co_await asio::this_coro::executor, started + target->check.timeout);
  Attempt attempt{*target, *tools, deadline, {}, {}};
  Outcome outcome = co_await attempt_or_say_why(attempt, started);
  const auto took = std::chrono::duration_cast<health::Duration>(steady_clock::now() - started);
  const bool passed = outcome.passed();
  co_return Observation{passed,  outcome.reason, std::move(outcome.detail),
                        started, took,           attempt.certificate_ends};
}

}  // namespace probes
