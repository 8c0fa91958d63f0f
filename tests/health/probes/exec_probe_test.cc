#include <gtest/gtest.h>

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <vector>

#include "run_probe.h"

namespace probes {
namespace {

using health::Duration;
using health::Observation;
using health::ProbeType;
using health::Reason;
using health::Target;

Observation run_argv(const std::vector<std::string>& argv, Duration timeout = Duration{60'000}) {
  Target target = target_on(0, ProbeType::Exec, "192.0.2.7");
  target.check.argv = argv;
  target.check.timeout = timeout;
  return run_probe(target);
}

TEST(ExecProbe, PassesWithStatusZero) { expect_pass(run_argv({"true"})); }

TEST(ExecProbe, TellsStatusAndFirstLine) {
  expect_failure(run_argv({"sh", "-c", "echo 'disk is full'; echo more; exit 2"}),
                 Reason::ExecStatus, "exit status 2: disk is full");
}

TEST(ExecProbe, PutsTheAddressIntoArguments) {
  expect_failure(run_argv({"sh", "-c", "echo \"$@\"; exit 1", "sh", "{address}",
                           "http://{address}/{address}"}),
                 Reason::ExecStatus, "exit status 1: 192.0.2.7 http://192.0.2.7/192.0.2.7");
}

TEST(ExecProbe, PutsTheAddressIntoTheEnvironment) {
  expect_failure(run_argv({"sh", "-c", "echo $FAIRLEAD_ADDRESS; exit 1"}), Reason::ExecStatus,
                 "exit status 1: 192.0.2.7");
}

TEST(ExecProbe, LooksNoAddressUp) {
  Target target = target_on(0, ProbeType::Exec, "edge.example");
  target.check.argv = {"test", "{address}", "=", "edge.example"};
  expect_pass(run_probe(target, [](const std::string&) {
    ADD_FAILURE();
    return std::optional<boost::asio::ip::address>();
  }));
}

TEST(ExecProbe, TellsAMissingProgram) {
  expect_failure(run_argv({"/nonexistent/check"}), Reason::ExecStatus,
                 "cannot run \"/nonexistent/check\": no such file or directory");
}

TEST(ExecProbe, KeepsItsDeadline) {
  expect_failure(run_argv({"sleep", "1000"}, Duration{150}), Reason::Timeout,
                 "still running after 150ms");
}

TEST(ExecProbe, TellsAFlood) {
  expect_failure(run_argv({"yes"}), Reason::ExecStatus, "wrote more than 64 KiB");
}

}  // namespace
}  // namespace probes
