#include "server/transport/tcp_turn.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <memory>

#include "tests/server/transport/loopback.h"

namespace transport {
namespace {

using loopback::Message;
using std::chrono::milliseconds;
using Phase = TcpConnection::Phase;

// A connection whose other end the test holds, under a clock that it sets.
class Turn : public testing::Test {
 protected:
  Turn() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    connection_ = std::make_unique<TcpConnection>(posix::FileDescriptor{ends[0]},
                                                  loopback::address("192.0.2.1:1"));
    client_ = posix::FileDescriptor{ends[1]};
    turn_.set_time(at(0), 1'700'000'000);
    crowd_.add(*connection_);
    turn_.welcome(*connection_);
  }
  ~Turn() override { crowd_.remove(*connection_); }

  static TcpConnection::Clock::time_point at(int milliseconds_since_the_start) {
    return TcpConnection::Clock::time_point{} + milliseconds{milliseconds_since_the_start};
  }
  TcpWait serve(int when = 0) {
    turn_.set_time(at(when), 1'700'000'000);
    return turn_.serve(*connection_);
  }
  void send(const Message& octets) {
    ASSERT_EQ(::send(client_.get(), octets.data(), octets.size(), 0), std::ssize(octets));
  }
  void send_many(loopback::Order order, int count) {
    for (int i = 0; i < count; ++i) {
      send(loopback::framed(loopback::query(order, static_cast<std::uint16_t>(i))));
    }
  }
  // What is there to read.
  Message received() {
    Message octets(4 << 20);
    const ssize_t size = ::recv(client_.get(), octets.data(), octets.size(), 0);
    octets.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return octets;
  }

  Publisher publisher_{loopback::snapshot(1)};
  Publisher::Reader reader_{publisher_};
  metrics::Counters counters_;
  TcpCrowd crowd_;
  config::TcpOptions options_{
      .idle = milliseconds{1000}, .message = milliseconds{200}, .stall = milliseconds{300}};
  TcpTurn turn_{reader_, 1, counters_, crowd_, options_};
  std::unique_ptr<TcpConnection> connection_;
  posix::FileDescriptor client_;
};

TEST_F(Turn, AnswersAllThatIsThereAndKeepsNoBuffer) {
  send_many(loopback::kEcho, 10);
  EXPECT_EQ(serve(50), TcpWait::Input);
  EXPECT_EQ(received().size(), 10 * 22u);
  EXPECT_EQ(connection_->input.capacity(), 0u);
  EXPECT_EQ(connection_->output.capacity(), 0u);
  EXPECT_EQ(connection_->phase, Phase::Idle);
  EXPECT_EQ(connection_->deadline, at(1050));
  EXPECT_EQ(counters_.queries[1][0].value(), 10u);
  EXPECT_EQ(counters_.received_bytes[1].value(), 200u);
  EXPECT_EQ(counters_.sent_bytes[1].value(), 200u);
}

TEST_F(Turn, WithNothingToReadChangesNoDeadline) {
  EXPECT_EQ(serve(50), TcpWait::Input);
  EXPECT_EQ(connection_->deadline, at(1000));
}

TEST_F(Turn, GivesAQueryTimeFromItsFirstOctet) {
  const Message query = loopback::framed(loopback::query(loopback::kEcho, 1));
  send(Message(query.begin(), query.begin() + 5));
  EXPECT_EQ(serve(100), TcpWait::Input);
  EXPECT_EQ(connection_->phase, Phase::Receiving);
  EXPECT_EQ(connection_->deadline, at(300));
  send(Message(query.begin() + 5, query.end() - 1));
  EXPECT_EQ(serve(200), TcpWait::Input);
  EXPECT_EQ(connection_->deadline, at(300)) << "still the first octet's";
  send(Message{query.back(), query.front()});
  EXPECT_EQ(serve(250), TcpWait::Input);
  EXPECT_EQ(received().size(), query.size());
  EXPECT_EQ(connection_->phase, Phase::Receiving);
  EXPECT_EQ(connection_->deadline, at(450)) << "that of the next query";
}

TEST_F(Turn, EndsForOthersAfterSomeQueries) {
  send_many(loopback::kEcho, 100);
  EXPECT_EQ(serve(), TcpWait::Turn);
  EXPECT_EQ(counters_.queries[1][0].value(), 64u);
  EXPECT_EQ(received().size(), 64 * 22u) << "and they have their replies";
  EXPECT_EQ(serve(), TcpWait::Input);
  EXPECT_EQ(received().size(), 36 * 22u);
  EXPECT_EQ(connection_->input.capacity(), 0u);
}

TEST_F(Turn, ComposesNoMoreThanMayBeOwed) {
  send_many(loopback::kHuge, 10);
  EXPECT_EQ(serve(), TcpWait::Turn);
  EXPECT_EQ(counters_.queries[1][0].value(), 2u) << "128 KiB hold two and not the longest third";
  options_.max_owed = 1 << 20;
  turn_.set_options(options_);
  EXPECT_NE(serve(), TcpWait::Input);
  EXPECT_EQ(counters_.queries[1][0].value(), 10u);
}

TEST_F(Turn, WaitsForRoomAndGoesOnWhereItStopped) {
  options_.max_owed = 1 << 20;
  turn_.set_options(options_);
  send_many(loopback::kHuge, 12);
  ASSERT_EQ(serve(10), TcpWait::Room) << "a socket of a pair takes some 200 KiB";
  EXPECT_EQ(connection_->phase, Phase::Sending);
  EXPECT_EQ(connection_->deadline, at(310));
  const std::size_t owed = connection_->output.size();
  EXPECT_GT(owed, 0u);
  EXPECT_EQ(serve(100), TcpWait::Room);
  EXPECT_EQ(connection_->deadline, at(310)) << "nothing was taken";
  std::size_t total = received().size();
  EXPECT_EQ(serve(200), TcpWait::Room);
  EXPECT_EQ(connection_->deadline, at(500)) << "something was";
  TcpWait wait = TcpWait::Room;
  for (int i = 0; i < 100 && wait == TcpWait::Room; ++i) {
    total += received().size();
    wait = serve(300);
  }
  EXPECT_EQ(wait, TcpWait::Input);
  EXPECT_EQ(total + received().size(), 12 * 60'002u);
  EXPECT_EQ(connection_->output.capacity(), 0u);
  EXPECT_EQ(connection_->phase, Phase::Idle);
}

TEST_F(Turn, SilenceEndsTheConnectionOnceAllIsSent) {
  options_.max_owed = 1 << 20;
  turn_.set_options(options_);
  send_many(loopback::kHuge, 12);
  send_many(loopback::kSilence, 1);
  send_many(loopback::kEcho, 1);
  std::size_t total = 0;
  TcpWait wait = serve();
  EXPECT_EQ(wait, TcpWait::Room);
  for (int i = 0; i < 100 && wait == TcpWait::Room; ++i) {
    total += received().size();
    wait = serve();
  }
  EXPECT_EQ(wait, TcpWait::Nothing);
  EXPECT_EQ(total + received().size(), 12 * 60'002u);
  EXPECT_EQ(counters_.dropped.value(), 1u);
  EXPECT_EQ(counters_.queries[1][0].value(), 13u) << "what follows is not looked at";
}

TEST_F(Turn, IsOverWhenTheClientLeaves) {
  send_many(loopback::kEcho, 1);
  ::shutdown(client_.get(), SHUT_WR);
  EXPECT_EQ(serve(), TcpWait::Input);
  EXPECT_EQ(received().size(), 22u);
  EXPECT_EQ(serve(), TcpWait::Nothing);
}

TEST_F(Turn, IsOverWhenRepliesCannotBeSent) {
  send_many(loopback::kEcho, 1);
  client_ = {};
  EXPECT_EQ(serve(), TcpWait::Nothing);
  EXPECT_EQ(counters_.send_failed.value(), 1u);
}

TEST_F(Turn, AnswersFromTheLatestSnapshot) {
  publisher_.publish(loopback::snapshot(7));
  send_many(loopback::kGeneration, 1);
  EXPECT_EQ(serve(), TcpWait::Input);
  EXPECT_EQ(received().back(), 7);
}

}  // namespace
}  // namespace transport
