#include "server/transport/udp_batch.h"

#include <gtest/gtest.h>

#include "tests/server/transport/loopback.h"

namespace transport {
namespace {

using loopback::Message;

struct Room {
  answer::Scratch scratch{1};
  metrics::Counters counters;
  UdpBatch batch;
  std::shared_ptr<const answer::Snapshot> snapshot = loopback::snapshot(1);

  void serve(const posix::FileDescriptor& socket) {
    batch.serve(socket.get(), *snapshot, 1'700'000'000, scratch, counters);
  }
};

TEST(CutToQuestion, KeepsHeaderAndQuestionAndSetsTc) {
  Message reply = loopback::echo_of(loopback::query(loopback::kEcho, 7));
  const Message question(reply.begin() + 12, reply.end());
  dnswire::store16(&reply[6], 3);
  dnswire::store16(&reply[8], 2);
  dnswire::store16(&reply[10], 1);
  reply.resize(500, 0xaa);
  const std::size_t size = cut_to_question(reply);
  EXPECT_EQ(size, 12 + question.size());
  EXPECT_EQ(reply[2], 0x82);
  EXPECT_EQ(Message(reply.begin() + 4, reply.begin() + 12), Message({0, 1, 0, 0, 0, 0, 0, 0}));
  EXPECT_TRUE(std::equal(question.begin(), question.end(), reply.begin() + 12));
}

TEST(CutToQuestion, LeavesTheHeaderWhereThereIsNoWholeQuestion) {
  Message no_question(100, 0);
  EXPECT_EQ(cut_to_question(no_question), 12u);
  Message endless(100, 63);
  dnswire::store16(&endless[4], 1);
  EXPECT_EQ(cut_to_question(endless), 12u);
  EXPECT_EQ(dnswire::load16(&endless[4]), 0);
  Message short_tail = loopback::query(loopback::kEcho, 7);
  short_tail.pop_back();
  EXPECT_EQ(cut_to_question(short_tail), 12u);
  Message runt(5, 0);
  EXPECT_EQ(cut_to_question(runt), 5u);
}

TEST(UdpBatch, ServesNothingWithoutWaiting) {
  const auto socket = posix::open_udp(loopback::address("127.0.0.1:0"));
  ASSERT_TRUE(socket);
  Room room;
  room.serve(*socket);
  EXPECT_EQ(room.counters.queries[0][0].value(), 0u);
}

TEST(UdpBatch, AnswersAFullBatchInOneGo) {
  const auto socket = posix::open_udp(loopback::address("127.0.0.1:0"));
  ASSERT_TRUE(socket);
  const loopback::Client client(posix::bound_address(*socket), SOCK_DGRAM);
  for (std::uint16_t i = 0; i < kBatchSize + 1; ++i) {
    ASSERT_TRUE(client.send(loopback::query(loopback::kEcho, i)));
  }
  Room room;
  room.serve(*socket);
  EXPECT_EQ(room.counters.queries[0][0].value(), kBatchSize);
  for (std::uint16_t i = 0; i < kBatchSize; ++i) {
    EXPECT_EQ(client.receive(), loopback::echo_of(loopback::query(loopback::kEcho, i)));
  }
}

TEST(UdpBatch, PassesOnWhatFitsOfALongDatagram) {
  const auto socket = posix::open_udp(loopback::address("127.0.0.1:0"));
  ASSERT_TRUE(socket);
  const loopback::Client client(posix::bound_address(*socket), SOCK_DGRAM);
  Message query = loopback::query(loopback::kEcho, 9);
  query.resize(9000, 0x55);
  ASSERT_TRUE(client.send(query));
  Room room;
  room.serve(*socket);
  EXPECT_EQ(client.receive().size(), kDatagramSize);
}

TEST(UdpBatch, TruncatesAReplyThatIsLongerThanAnyDatagramOfOurs) {
  const auto socket = posix::open_udp(loopback::address("127.0.0.1:0"));
  ASSERT_TRUE(socket);
  const loopback::Client client(posix::bound_address(*socket), SOCK_DGRAM);
  const Message query = loopback::query(loopback::kHuge, 9);
  ASSERT_TRUE(client.send(query));
  Room room;
  room.serve(*socket);
  Message expected = loopback::echo_of(query);
  expected[2] |= 0x02;
  EXPECT_EQ(client.receive(), expected);
  EXPECT_EQ(room.counters.truncated.value(), 1u);
}

TEST(UdpBatch, TruncatesAReplyThatTheNetworkDoesNotTake) {
  const auto socket = posix::open_udp(loopback::address("[::1]:0"));
  ASSERT_TRUE(socket);
  const int mtu = 1280;  // the least that IPv6 allows, RFC 8200 5
  const int on = 1;
  ASSERT_EQ(::setsockopt(socket->get(), IPPROTO_IPV6, IPV6_MTU, &mtu, sizeof mtu), 0);
  ASSERT_EQ(::setsockopt(socket->get(), IPPROTO_IPV6, IPV6_DONTFRAG, &on, sizeof on), 0);
  const int discover = IPV6_PMTUDISC_DO;
  ASSERT_EQ(
      ::setsockopt(socket->get(), IPPROTO_IPV6, IPV6_MTU_DISCOVER, &discover, sizeof discover), 0);
  const loopback::Client client(posix::bound_address(*socket), SOCK_DGRAM);
  const Message first = loopback::query(loopback::kEcho, 1);
  const Message big = loopback::query(loopback::kBig, 2);
  ASSERT_TRUE(client.send(first) && client.send(big) && client.send(first));
  Room room;
  room.serve(*socket);
  Message cut = loopback::echo_of(big);
  cut[2] |= 0x02;
  EXPECT_EQ(client.receive(), loopback::echo_of(first));
  EXPECT_EQ(client.receive(), cut);
  EXPECT_EQ(client.receive(), loopback::echo_of(first)) << "the others must not suffer";
  EXPECT_EQ(room.counters.truncated.value(), 1u);
  EXPECT_EQ(room.counters.send_failed.value(), 0u);
}

}  // namespace
}  // namespace transport
