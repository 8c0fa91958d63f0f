#include "server/posix/sockets.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include "tests/server/transport/loopback.h"

namespace posix {
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
  std::string error = "never tried";
  // Whoever else is on this machine may have the port of the other family.
  for (int attempt = 0; attempt < 16 && !error.empty(); ++attempt) {
    const auto v6 = open_listeners(loopback::address("[::]:0"), 1);
    ASSERT_TRUE(v6) << v6.error();
    const auto v4 = open_listeners({loopback::address("0.0.0.0:0").address, v6->address.port}, 1);
    error = v4 ? "" : v4.error();
  }
  EXPECT_EQ(error, "");
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

TEST(Sockets, TakeTheSizesOfBuffersFromTheOptions) {
  const config::UdpOptions small{128 * 1024, 192 * 1024};
  const auto udp = open_udp(loopback::address("127.0.0.1:0"), small);
  ASSERT_TRUE(udp);
  EXPECT_EQ(option_of(*udp, SOL_SOCKET, SO_RCVBUF), 2 * 128 * 1024) << "doubled: socket(7)";
  EXPECT_EQ(option_of(*udp, SOL_SOCKET, SO_SNDBUF), 2 * 192 * 1024);
  EXPECT_TRUE(describe_short_buffers(*udp, small).empty());
}

TEST(Sockets, SayWhatToSetWhereTheKernelGaveLess) {
  const auto udp = open_udp(loopback::address("127.0.0.1:0"), {128 * 1024, 128 * 1024});
  ASSERT_TRUE(udp);
  EXPECT_THAT(describe_short_buffers(*udp, {8 << 20, 128 * 1024}),
              ::testing::ElementsAre(
                  "the kernel gave 128KiB of the 8MiB that `udp.receive_buffer` asks for: bursts "
                  "may be lost; sysctl -w net.core.rmem_max=8388608"));
  EXPECT_THAT(describe_short_buffers(*udp, {64 * 1024, 16 << 20}),
              ::testing::ElementsAre(
                  AllOf(HasSubstr("`udp.send_buffer`"), HasSubstr("net.core.wmem_max=16777216"))));
}

TEST(Sockets, LeaveSilentTcpClientsToTheKernelAtFirst) {
  const auto tcp = open_dns_tcp(loopback::address("127.0.0.1:0"));
  ASSERT_TRUE(tcp);
  EXPECT_GE(option_of(*tcp, IPPROTO_TCP, TCP_DEFER_ACCEPT), 1);
  EXPECT_EQ(option_of(*tcp, IPPROTO_TCP, TCP_USER_TIMEOUT), 5000);
  const loopback::Client client(bound_address(*tcp), SOCK_STREAM);
  ASSERT_TRUE(client.connected());
  EXPECT_LT(::accept(tcp->get(), nullptr, nullptr), 0) << "it has not said anything";
  ASSERT_TRUE(client.send("x"));
  const auto accept = [&] { return FileDescriptor{::accept(tcp->get(), nullptr, nullptr)}; };
  FileDescriptor accepted;
  ASSERT_TRUE(loopback::eventually([&] { return (accepted = accept()) ? true : false; }));
  EXPECT_EQ(option_of(accepted, IPPROTO_TCP, TCP_USER_TIMEOUT), 5000) << "inherited";
  EXPECT_NE(option_of(accepted, IPPROTO_TCP, TCP_NODELAY), 0);
}

TEST(Sockets, OfferFastOpenAsFarAsAsked) {
  for (const std::uint32_t queue : {0U, 16U, 256U}) {
    const auto tcp = open_dns_tcp(loopback::address("127.0.0.1:0"), queue);
    ASSERT_TRUE(tcp);
    EXPECT_EQ(option_of(*tcp, IPPROTO_TCP, TCP_FASTOPEN), static_cast<int>(queue));
  }
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
}  // namespace posix
