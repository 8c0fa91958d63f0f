#include "server/transport/tcp_turn.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <span>
#include <utility>

namespace transport {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kFrameHeader = 2;  // RFC 1035 4.2.2
constexpr std::size_t kMaxFrame = kFrameHeader + answer::kMaxReplySize;
constexpr std::size_t kReceived = 8192;     // octets at once: some hundred queries
constexpr std::size_t kFirstInput = 512;    // for what is not whole yet
constexpr std::size_t kQueriesAtOnce = 64;  // then it is someone else's turn

// The first whole query of the input, or nothing but a null pointer.
dnswire::Bytes next_query(dnswire::Bytes input) noexcept {
  if (input.size() < kFrameHeader) return {};
  const std::size_t size = dnswire::load16(input.data());
  if (input.size() < kFrameHeader + size) return {};
  return input.subspan(kFrameHeader, size);
}

bool would_block(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK; }

// What is left of the input, kept until more comes. No memory for nothing.
void keep(TcpConnection& connection, dnswire::Bytes rest) {
  std::vector<std::uint8_t>& input = connection.input;
  connection.filled = rest.size();
  if (rest.empty()) {
    if (!input.empty()) std::vector<std::uint8_t>().swap(input);
    return;
  }
  // The rest may be a part of the input, which is large enough then.
  if (input.size() < rest.size()) input.resize(std::max(rest.size(), kFirstInput));
  std::copy(rest.begin(), rest.end(), input.begin());
}

void enter(TcpConnection& connection, TcpConnection::Phase phase,
           TcpConnection::Clock::time_point deadline) noexcept {
  connection.phase = phase;
  connection.deadline = deadline;
}

// Nothing more will be said; the client may read what was.
TcpWait end(const TcpConnection& connection) noexcept {
  ::shutdown(connection.fd.get(), SHUT_WR);
  return TcpWait::Nothing;
}

}  // namespace

TcpTurn::TcpTurn(Publisher::Reader& reader, std::uint64_t seed, metrics::Counters& counters,
                 TcpCrowd& crowd, const config::TcpOptions& options)
    : reader_(reader),
      counters_(counters),
      crowd_(crowd),
      scratch_(std::make_unique<answer::Scratch>(seed)),
      received_(std::make_unique_for_overwrite<std::uint8_t[]>(kReceived)) {
  set_options(options);
  if (!composed_) throw std::bad_alloc();
}

void TcpTurn::set_options(const config::TcpOptions& options) {
  options_ = options;
  const std::size_t room = std::max(options.max_owed, kMaxFrame);
  if (room == composed_room_) return;
  std::unique_ptr<std::uint8_t[]> composed(new (std::nothrow) std::uint8_t[room]);
  if (!composed) return;  // the former room will do
  composed_ = std::move(composed);
  composed_room_ = room;
}

void TcpTurn::set_time(Clock::time_point now, dnswire::UnixTime date) noexcept {
  now_ = now;
  date_ = date;
}

void TcpTurn::welcome(TcpConnection& connection) const noexcept {
  enter(connection, TcpConnection::Phase::Idle, now_ + options_.idle);
}

TcpWait TcpTurn::serve(TcpConnection& connection) {
  if (!connection.output.empty()) {
    const TcpWait wait = send_owed(connection);
    if (wait != TcpWait::Turn) return wait;
  }
  const dnswire::Bytes kept{connection.input.data(), connection.filled};
  return next_query(kept).data() == nullptr ? receive(connection) : answer(connection, kept);
}

// Into the room that all share, unless there is the beginning of a query to continue.
TcpWait TcpTurn::receive(TcpConnection& connection) {
  std::span<std::uint8_t> room{received_.get(), kReceived};
  if (connection.filled != 0) {
    std::vector<std::uint8_t>& input = connection.input;
    // Grows with what has arrived, not with what the frame promises.
    if (connection.filled == input.size()) input.resize(std::min(input.size() * 2, kMaxFrame));
    room = std::span(input).subspan(connection.filled);
  }
  const ssize_t size = ::recv(connection.fd.get(), room.data(), room.size(), 0);
  if (size < 0 && would_block(errno)) return wait_for_input(connection, false);
  if (size <= 0) return TcpWait::Nothing;
  if (connection.filled == 0) return answer(connection, room.first(static_cast<std::size_t>(size)));
  connection.filled += static_cast<std::size_t>(size);
  return answer(connection, {connection.input.data(), connection.filled});
}

TcpWait TcpTurn::answer(TcpConnection& connection, dnswire::Bytes input) {
  const std::size_t before = input.size();
  const Progress progress = compose(connection, input);
  const bool has_answered = input.size() < before;
  if (has_answered) crowd_.advance(connection);
  if (progress == Progress::Silence) {
    connection.ending = true;
    input = {};
  }
  keep(connection, input);
  const TcpWait wait =
      send_composed(connection, progress == Progress::HasMore ? TcpWait::Turn : TcpWait::Input);
  return wait == TcpWait::Input ? wait_for_input(connection, has_answered) : wait;
}

// Takes whole queries off the front of the input and composes their replies, framed and in order.
TcpTurn::Progress TcpTurn::compose(const TcpConnection& connection, dnswire::Bytes& input) {
  const answer::Client client{connection.peer, answer::Transport::Tcp};
  metrics::Traffic traffic;
  Progress progress = Progress::HasMore;
  composed_size_ = 0;
  while (traffic.queries < kQueriesAtOnce && composed_size_ + kMaxFrame <= composed_room_) {
    const dnswire::Bytes query = next_query(input);
    if (query.data() == nullptr) {
      progress = Progress::NeedsInput;
      break;
    }
    input = input.subspan(kFrameHeader + query.size());
    const std::size_t size = compose_one(client, query);
    ++traffic.queries;
    traffic.received_bytes += query.size();
    traffic.sent_bytes += size;
    if (size == 0) {
      progress = Progress::Silence;
      break;
    }
  }
  if (traffic.queries != 0) {
    metrics::account(counters_, answer::Transport::Tcp, connection.peer.family(), traffic);
  }
  return progress;
}

// Returns the reply's size; 0: say nothing.
std::size_t TcpTurn::compose_one(const answer::Client& client, dnswire::Bytes query) {
  std::uint8_t* const frame = composed_.get() + composed_size_;
  const std::size_t size = answer::answer(query, client, reader_.current(), date_, *scratch_,
                                          {frame + kFrameHeader, answer::kMaxReplySize})
                               .size();
  metrics::account(counters_, scratch_->outcome);
  if (size == 0) return 0;
  dnswire::store16(frame, static_cast<std::uint16_t>(size));
  composed_size_ += kFrameHeader + size;
  return size;
}

TcpWait TcpTurn::send_composed(TcpConnection& connection, TcpWait then) {
  dnswire::Bytes rest{composed_.get(), composed_size_};
  if (!rest.empty() && !send(connection, rest)) return TcpWait::Nothing;
  if (!rest.empty()) {
    connection.output.assign(rest.begin(), rest.end());
    connection.sent = 0;
    then = TcpWait::Room;
  } else if (connection.ending) {
    return end(connection);
  }
  if (then != TcpWait::Input) {
    enter(connection, TcpConnection::Phase::Sending, now_ + options_.stall);
  }
  return then;
}

// Turn: there is nothing owed any more.
TcpWait TcpTurn::send_owed(TcpConnection& connection) {
  const std::vector<std::uint8_t>& output = connection.output;
  dnswire::Bytes rest = dnswire::Bytes(output).subspan(connection.sent);
  if (!send(connection, rest)) return TcpWait::Nothing;
  const std::size_t sent = output.size() - rest.size();
  if (sent != connection.sent) {
    enter(connection, TcpConnection::Phase::Sending, now_ + options_.stall);
  }
  connection.sent = sent;
  if (!rest.empty()) return TcpWait::Room;
  std::vector<std::uint8_t>().swap(connection.output);
  crowd_.advance(connection);
  return connection.ending ? end(connection) : TcpWait::Turn;
}

// As much as the socket takes. False: the connection is lost.
bool TcpTurn::send(const TcpConnection& connection, dnswire::Bytes& rest) {
  const ssize_t size = ::send(connection.fd.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
  if (size >= 0) {
    rest = rest.subspan(static_cast<std::size_t>(size));
    return true;
  }
  if (would_block(errno)) return true;
  counters_.send_failed.add();
  return false;
}

// The deadline of a query is that of its first octet: a client that sends an octet now and then
// gains nothing.
TcpWait TcpTurn::wait_for_input(TcpConnection& connection, bool has_answered) const {
  using Phase = TcpConnection::Phase;
  if (connection.filled != 0) {
    if (has_answered || connection.phase != Phase::Receiving) {
      enter(connection, Phase::Receiving, now_ + options_.message);
    }
  } else if (has_answered || connection.phase == Phase::Sending) {
    enter(connection, Phase::Idle, now_ + options_.idle);
  }
  return TcpWait::Input;
}

}  // namespace transport
