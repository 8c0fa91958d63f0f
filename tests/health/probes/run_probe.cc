#include "run_probe.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "health/probes/probe.h"
#include "health/probes/tls.h"

namespace probes {

health::Target target_on(std::uint16_t port, health::ProbeType type, const std::string& address) {
  health::Target target{address, {}};
  target.check.type = type;
  target.check.port = port;
  target.check.timeout = health::Duration{60'000};
  return target;
}

health::Observation run_probe(const health::Target& target) {
  boost::asio::io_context io;
  health::Observation seen;
  boost::asio::co_spawn(io, probe(target, std::make_shared<TlsContexts>()),
                        [&seen](const std::exception_ptr& bug, health::Observation observation) {
                          if (bug) std::rethrow_exception(bug);
                          seen = std::move(observation);
                        });
  io.run();
  return seen;
}

}  // namespace probes
