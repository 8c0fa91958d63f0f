#include "run_probe.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "health/probes/probe.h"
#include "health/probes/tools.h"

namespace probes {
namespace {

health::Observation run_with(boost::asio::io_context& io, const health::Target& target,
                             const std::shared_ptr<Tools>& tools) {
  health::Observation seen;
  boost::asio::co_spawn(io, probe(std::make_shared<const health::Target>(target), tools),
                        [&seen](const std::exception_ptr& bug, health::Observation observation) {
                          if (bug) std::rethrow_exception(bug);
                          seen = std::move(observation);
                        });
  io.run();
  close(*tools);
  return seen;
}

}  // namespace

health::Target target_on(std::uint16_t port, health::ProbeType type, const std::string& address) {
  health::Target target{address, {}};
  target.check.type = type;
  target.check.port = port;
  target.check.timeout = health::Duration{60'000};
  return target;
}

health::Observation run_probe(const health::Target& target) {
  boost::asio::io_context io;
  return run_with(io, target, make_tools(io.get_executor()));
}

health::Observation run_probe(const health::Target& target, Resolver::LookUp look_up) {
  boost::asio::io_context io;
  return run_with(io, target, std::make_shared<Tools>(io.get_executor(), std::move(look_up)));
}

void expect_failure(const health::Observation& seen, health::Reason reason,
                    const std::string& detail) {
  EXPECT_FALSE(seen.passed);
  EXPECT_EQ(to_text(seen.reason), to_text(reason));
  EXPECT_EQ(seen.detail, detail);
}

void expect_pass(const health::Observation& seen) {
  EXPECT_TRUE(seen.passed);
  EXPECT_EQ(to_text(seen.reason), to_text(health::Reason::None));
  EXPECT_EQ(seen.detail, "");
}

}  // namespace probes
