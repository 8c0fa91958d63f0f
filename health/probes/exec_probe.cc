#include <string>
#include <utility>

#include "health/probes/attempt.h"
#include "health/probes/run_process.h"

namespace probes {
namespace {

using health::Reason;
using End = ProcessResult::End;

std::string with_address(std::string argument, const std::string& address) {
  constexpr std::string_view kPlace = "{address}";
  for (std::size_t at = argument.find(kPlace); at != std::string::npos;
       at = argument.find(kPlace, at + address.size()))
    argument.replace(at, kPlace.size(), address);
  return argument;
}

ProcessSpec process_of(const health::Target& target) {
  ProcessSpec spec;
  for (const std::string& argument : target.check.argv)
    spec.argv.push_back(with_address(argument, target.address));
  spec.environment = {{"FAIRLEAD_ADDRESS", target.address}};
  spec.timeout = target.check.timeout;
  return spec;
}

Reason reason_of(const ProcessResult& result) noexcept {
  if (result.passed()) return Reason::None;
  if (result.end == End::TimedOut) return Reason::Timeout;
  return result.end == End::NoResource ? Reason::Resource : Reason::ExecStatus;
}

}  // namespace

// The program has a deadline of its own, at the same time.
boost::asio::awaitable<Outcome> probe_by_program(Attempt& attempt) {
  const ProcessSpec spec = process_of(attempt.target);
  const ProcessResult result = co_await run_to_end(spec);
  co_return Outcome{reason_of(result), describe(spec, result)};
}

}  // namespace probes
