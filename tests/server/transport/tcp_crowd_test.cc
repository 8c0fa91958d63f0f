#include "server/transport/tcp_crowd.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/server/transport/loopback.h"

namespace transport {
namespace {

class Crowd : public testing::Test {
 protected:
  // "192.0.2.1:1" and so on.
  TcpConnection& join(const char* from) {
    connections_.push_back(
        std::make_unique<TcpConnection>(posix::FileDescriptor{}, loopback::address(from)));
    crowd_.add(*connections_.back());
    return *connections_.back();
  }
  ~Crowd() override {
    for (const auto& connection : connections_) crowd_.remove(*connection);
  }

  TcpCrowd crowd_;
  std::vector<std::unique_ptr<TcpConnection>> connections_;
};

TEST_F(Crowd, OfNobodyHasNoStalest) {
  EXPECT_EQ(crowd_.size(), 0U);
  EXPECT_EQ(crowd_.stalest(), nullptr);
  EXPECT_EQ(crowd_.stalest_of(loopback::address("192.0.2.1:1").address), nullptr);
}

TEST_F(Crowd, OrdersByProgress) {
  TcpConnection& first = join("192.0.2.1:1");
  TcpConnection& second = join("192.0.2.2:1");
  TcpConnection& third = join("192.0.2.3:1");
  EXPECT_EQ(crowd_.stalest(), &first);
  crowd_.advance(first);
  EXPECT_EQ(crowd_.stalest(), &second);
  crowd_.advance(second);
  crowd_.advance(first);
  EXPECT_EQ(crowd_.stalest(), &third);
  crowd_.remove(third);
  EXPECT_EQ(crowd_.stalest(), &second);
  EXPECT_EQ(crowd_.size(), 2U);
}

TEST_F(Crowd, KnowsTheStalestOfEachAddress) {
  TcpConnection& a1 = join("192.0.2.1:1");
  TcpConnection& b = join("192.0.2.2:1");
  TcpConnection& a2 = join("192.0.2.1:2");
  EXPECT_EQ(crowd_.size_of(a1.group), 2U);
  EXPECT_EQ(crowd_.size_of(b.group), 1U);
  EXPECT_EQ(crowd_.stalest_of(a1.group), &a1);
  crowd_.advance(a1);
  EXPECT_EQ(crowd_.stalest_of(a1.group), &a2);
  EXPECT_EQ(crowd_.stalest(), &b);
  crowd_.remove(b);
  EXPECT_EQ(crowd_.stalest_of(b.group), nullptr);
  EXPECT_EQ(crowd_.size_of(b.group), 0U);
}

TEST_F(Crowd, CountsAnIpv6NetworkAsOne) {
  TcpConnection& first = join("[2001:db8::1]:1");
  TcpConnection& second = join("[2001:db8::2:1]:1");
  TcpConnection& other = join("[2001:db8:0:1::1]:1");
  EXPECT_EQ(crowd_.size_of(first.group), 2U);
  EXPECT_EQ(crowd_.stalest_of(second.group), &first);
  EXPECT_EQ(crowd_.size_of(other.group), 1U);
}

TEST_F(Crowd, LetsAVisitorRemoveWhatItIsShown) {
  join("192.0.2.1:1");
  TcpConnection& stays = join("192.0.2.2:1");
  join("192.0.2.1:2");
  crowd_.for_each([&](TcpConnection& connection) {
    if (&connection != &stays) crowd_.remove(connection);
  });
  EXPECT_EQ(crowd_.size(), 1U);
  EXPECT_EQ(crowd_.stalest(), &stays);
}

TEST_F(Crowd, IgnoresWhoHasLeft) {
  TcpConnection& gone = join("192.0.2.1:1");
  crowd_.remove(gone);
  crowd_.remove(gone);
  crowd_.advance(gone);
  EXPECT_EQ(crowd_.size(), 0U);
  EXPECT_EQ(crowd_.stalest(), nullptr);
}

}  // namespace
}  // namespace transport
