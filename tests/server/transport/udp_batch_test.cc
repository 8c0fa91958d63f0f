#include "server/transport/udp_batch.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/server/transport/loopback.h"

namespace transport {
namespace {

using loopback::Message;

struct Room {
  answer::Scratch scratch{1};
  metrics::Counters counters;
  UdpBatch batch;
  std::shared_ptr<const answer::Snapshot> snapshot = loopback::snapshot(1);

  std::size_t serve(const posix::FileDescriptor& socket) {
    return batch.serve(UdpSocket(socket), *snapshot, 1'700'000'000, scratch, counters);
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
  EXPECT_EQ(room.serve(*socket), 0u);
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
  EXPECT_EQ(room.serve(*socket), kBatchSize);
  EXPECT_EQ(room.counters.queries[0][0].value(), kBatchSize);
  EXPECT_EQ(room.counters.received_bytes[0].value(), 20 * kBatchSize);
  EXPECT_EQ(room.counters.sent_bytes[0].value(), 20 * kBatchSize);
  for (std::uint16_t i = 0; i < kBatchSize; ++i) {
    EXPECT_EQ(client.receive(), loopback::echo_of(loopback::query(loopback::kEcho, i)));
  }
  EXPECT_EQ(room.serve(*socket), 1u);
}

// Each reply to whom it belongs, whichever slots the silence has left behind.
TEST(UdpBatch, AnswersBetweenSilencesBatchAfterBatch) {
  const auto socket = posix::open_udp(loopback::address("127.0.0.1:0"));
  ASSERT_TRUE(socket);
  const config::ListenAddress address = posix::bound_address(*socket);
  const loopback::Client first(address, SOCK_DGRAM);
  const loopback::Client second(address, SOCK_DGRAM);
  Room room;
  for (std::uint16_t round = 0; round < 5; ++round) {
    for (std::uint16_t i = 0; i < kBatchSize; ++i) {
      const bool silent = (i + round) % 3 == 0;
      const loopback::Client& client = i % 2 == 0 ? first : second;
      Message query = loopback::query(silent ? loopback::kSilence : loopback::kEcho, i);
      query.resize(20u + i, 0x77);
      ASSERT_TRUE(client.send(query));
    }
    ASSERT_EQ(room.serve(*socket), kBatchSize);
    for (std::uint16_t i = 0; i < kBatchSize; ++i) {
      if ((i + round) % 3 == 0) continue;
      Message query = loopback::query(loopback::kEcho, i);
      query.resize(20u + i, 0x77);
      ASSERT_EQ((i % 2 == 0 ? first : second).receive(), loopback::echo_of(query))
          << i << " in round " << round;
    }
  }
  EXPECT_EQ(room.counters.dropped.value() + room.counters.responses[0].value(), 5 * kBatchSize);
}

TEST(UdpBatch, ServesBoundAndWildcardSocketsInTurn) {
  const auto bound = posix::open_udp(loopback::address("127.0.0.1:0"));
  const auto wildcard = posix::open_udp(loopback::address("0.0.0.0:0"));
  const auto v6 = posix::open_udp(loopback::address("[::]:0"));
  ASSERT_TRUE(bound && wildcard && v6);
  EXPECT_EQ(UdpSocket(*bound).control_size, 0u);
  EXPECT_GT(UdpSocket(*wildcard).control_size, 0u);
  Room room;
  for (std::uint16_t round = 0; round < 3; ++round) {
    for (const auto& [socket, host] :
         {std::pair(&bound, "127.0.0.1:0"), std::pair(&wildcard, "127.0.0.9:0"),
          std::pair(&v6, "[::1]:0")}) {
      config::ListenAddress asked = loopback::address(host);
      asked.port = posix::bound_address(**socket).port;
      const loopback::Client client(asked, SOCK_DGRAM);  // takes replies from there only
      const Message query = loopback::query(loopback::kEcho, round);
      ASSERT_TRUE(client.send(query));
      ASSERT_EQ(room.serve(**socket), 1u);
      EXPECT_EQ(client.receive(), loopback::echo_of(query)) << host;
    }
  }
  EXPECT_EQ(room.counters.queries[0][1].value(), 3u);
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
