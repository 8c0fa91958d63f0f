#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "run_probe.h"

namespace probes {
namespace {

using health::Observation;
using health::ProbeType;
using health::Reason;

bool may_ping(int family) {
  const int protocol = family == AF_INET6 ? int{IPPROTO_ICMPV6} : int{IPPROTO_ICMP};
  const int socket = ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
  if (socket >= 0) close(socket);
  return socket >= 0;
}

Observation ping(const std::string& address) {
  return run_probe(target_on(0, ProbeType::Icmp, address));
}

TEST(IcmpProbe, ReachesLoopback) {
  if (!may_ping(AF_INET)) GTEST_SKIP() << "net.ipv4.ping_group_range forbids ping sockets";
  expect_pass(ping("127.0.0.1"));
}

TEST(IcmpProbe, ReachesIpv6Loopback) {
  if (!may_ping(AF_INET6)) GTEST_SKIP() << "net.ipv4.ping_group_range forbids ping sockets";
  const Observation seen = ping("::1");
  if (seen.reason == Reason::Resource) GTEST_SKIP() << "this machine has no ::1";
  expect_pass(seen);
}

TEST(IcmpProbe, SaysWhatToDoWhereTheKernelForbidsIt) {
  if (may_ping(AF_INET)) GTEST_SKIP() << "the kernel allows ping sockets here";
  expect_failure(ping("127.0.0.1"), Reason::Resource,
                 "the kernel forbids ping sockets: the sysctl net.ipv4.ping_group_range must "
                 "include the group of this process");
}

}  // namespace
}  // namespace probes
