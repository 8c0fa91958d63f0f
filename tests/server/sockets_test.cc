#include "server/sockets.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/loopback.h"

namespace server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

int option_of(const FileDescriptor& socket, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  ::getsockopt(socket.get(), level, name, &value, &size);
  return value;
}

TEST(Sockets, GivesUdpAndTcpTheSameFreePort) {
  for (const char* text : {"127.0.0.1:0", "[::1]:0", "0.0.0.0:0", "[::]:0"}) {
    const auto sockets = open_listeners(loopback::address(text), 3);
    ASSERT_TRUE(sockets) << sockets.error();
    EXPECT_NE(sockets->address.port, 0);
    ASSERT_EQ(sockets->udp.size(), 3u);
    for (const FileDescriptor& udp : sockets->udp) {
      EXPECT_EQ(bound_address(udp), sockets->address);
    }
    EXPECT_EQ(bound_address(sockets->tcp), sockets->address);
  }
}

TEST(Sockets, WildcardsOfBothFamiliesShareAPort) {
  const auto v6 = open_listeners(loopback::address("[::]:0"), 1);
  ASSERT_TRUE(v6) << v6.error();
  const auto v4 = open_listeners({loopback::address("0.0.0.0:0").address, v6->address.port}, 1);
  EXPECT_TRUE(v4) << v4.error();
}

TEST(Sockets, SaysThatAnAddressIsInUseAlthoughThePortCouldBeShared) {
  const auto first = open_listeners(loopback::address("127.0.0.1:0"), 1);
  ASSERT_TRUE(first);
  const auto second = open_listeners(first->address, 1);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), "cannot listen on " + first->address.to_text() +
                                " (UDP): address already in use; stop the other server or change "
                                "`listen` in fairlead.yaml");
}

TEST(Sockets, SaysThatATcpPortIsInUse) {
  const auto first = open_tcp(loopback::address("127.0.0.1:0"));
  ASSERT_TRUE(first);
  const config::ListenAddress taken = bound_address(*first);
  EXPECT_THAT(open_listeners(taken, 1).error(),
              AllOf(HasSubstr("(TCP)"), HasSubstr("already in use")));
  EXPECT_THAT(open_tcp(taken, "admin.listen").error(), HasSubstr("`admin.listen`"));
}

TEST(Sockets, SaysThatTheMachineLacksAnAddress) {
  EXPECT_THAT(open_listeners(loopback::address("192.0.2.1:0"), 1).error(),
              AllOf(StartsWith("cannot listen on 192.0.2.1:0 (UDP): "),
                    HasSubstr("no such address"), HasSubstr("`listen`")));
}

TEST(Sockets, IgnoresForgedPathMtu) {
  const auto v4 = open_udp(loopback::address("127.0.0.1:0"));
  const auto v6 = open_udp(loopback::address("[::1]:0"));
  ASSERT_TRUE(v4 && v6);
  EXPECT_EQ(option_of(*v4, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_OMIT);
  EXPECT_EQ(option_of(*v6, IPPROTO_IPV6, IPV6_MTU_DISCOVER), IPV6_PMTUDISC_OMIT);
  EXPECT_EQ(option_of(*v6, IPPROTO_IPV6, IPV6_V6ONLY), 1);
}

TEST(Sockets, AsksForLargeBuffers) {
  const auto probe = FileDescriptor{::socket(AF_INET, SOCK_DGRAM, 0)};
  const auto udp = open_udp(loopback::address("127.0.0.1:0"));
  ASSERT_TRUE(udp);
  EXPECT_GE(option_of(*udp, SOL_SOCKET, SO_RCVBUF), option_of(probe, SOL_SOCKET, SO_RCVBUF));
  EXPECT_GE(option_of(*udp, SOL_SOCKET, SO_SNDBUF), option_of(probe, SOL_SOCKET, SO_SNDBUF));
}

TEST(Sockets, ReportsTheDestinationOnWildcardsOnly) {
  const auto wildcard = open_udp(loopback::address("0.0.0.0:0"));
  const auto bound = open_udp(loopback::address("127.0.0.1:0"));
  ASSERT_TRUE(wildcard && bound);
  EXPECT_EQ(option_of(*wildcard, IPPROTO_IP, IP_PKTINFO), 1);
  EXPECT_EQ(option_of(*bound, IPPROTO_IP, IP_PKTINFO), 0);
}

TEST(FileDescriptor, ClosesWithItsOwner) {
  int fd = -1;
  {
    FileDescriptor first{::socket(AF_INET, SOCK_DGRAM, 0)};
    fd = first.get();
    FileDescriptor second = std::move(first);
    EXPECT_EQ(second.get(), fd);
    EXPECT_NE(::fcntl(fd, F_GETFD), -1);
  }
  EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
}

}  // namespace
}  // namespace server
