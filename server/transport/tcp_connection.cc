#include "server/transport/tcp_connection.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/posix/client_group.h"
#include "server/posix/unix_time.h"
#include "server/transport/tcp_crowd.h"

namespace transport {
namespace {

namespace asio = boost::asio;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kFrameHeader = 2;  // RFC 1035 4.2.2
constexpr std::size_t kMaxFrame = kFrameHeader + 65535;
constexpr std::size_t kFirstInput = 2048;   // most clients never send more
constexpr std::size_t kQueriesAtOnce = 16;  // then it is someone else's turn

// The first whole query of the input, or nothing but a null pointer.
dnswire::Bytes next_query(dnswire::Bytes input) noexcept {
  if (input.size() < kFrameHeader) return {};
  const std::size_t size = dnswire::load16(input.data());
  if (input.size() < kFrameHeader + size) return {};
  return input.subspan(kFrameHeader, size);
}

// Appends the framed reply. False: say nothing.
bool answer_one(TcpConnection& connection, dnswire::Bytes query, const TcpService& service) {
  service.scratch.outcome = {};
  const answer::Client client{connection.peer, answer::Transport::Tcp};
  const dnswire::Bytes reply =
      answer::answer(query, client, service.reader.current(), posix::unix_now(), service.scratch);
  metrics::account(service.counters, service.scratch.outcome, answer::Transport::Tcp,
                   connection.peer.family(), {query.size(), reply.size()});
  if (reply.empty()) return false;
  std::vector<std::uint8_t>& output = connection.output;
  const std::size_t at = output.size();
  output.resize(at + kFrameHeader);
  dnswire::store16(&output[at], static_cast<std::uint16_t>(reply.size()));
  output.insert(output.end(), reply.begin(), reply.end());
  return true;
}

enum class Progress : std::uint8_t { NeedsInput, HasMore, Silence };

Progress answer_buffered(TcpConnection& connection, const TcpService& service) {
  const dnswire::Bytes input{connection.input.data(), connection.filled};
  std::size_t used = 0;
  Progress progress = Progress::HasMore;
  for (std::size_t count = 0; count < kQueriesAtOnce; ++count) {
    if (connection.output.size() + kMaxFrame > std::max(service.options.max_owed, kMaxFrame)) break;
    const dnswire::Bytes query = next_query(input.subspan(used));
    if (query.data() == nullptr) {
      progress = Progress::NeedsInput;
      break;
    }
    used += kFrameHeader + query.size();
    service.crowd.advance(connection);
    if (!answer_one(connection, query, service)) {
      progress = Progress::Silence;
      break;
    }
  }
  std::copy(input.begin() + static_cast<std::ptrdiff_t>(used), input.end(),
            connection.input.begin());
  connection.filled -= used;
  return progress;
}

// False: the connection is over. The deadline is that of the query's first octet: a client that
// sends an octet now and then gains nothing.
asio::awaitable<bool> receive(std::shared_ptr<TcpConnection> connection,
                              const TcpService& service) {
  TcpConnection& c = *connection;
  if (c.filled == 0) {
    c.enter(TcpConnection::Phase::Idle, service.options.idle);
    c.shrink();
  } else if (c.phase != TcpConnection::Phase::Receiving) {
    c.enter(TcpConnection::Phase::Receiving, service.options.message);
  }
  // Grows with what has arrived, not with what the frame promises.
  if (c.filled == c.input.size()) c.input.resize(std::min(c.input.size() * 2, kMaxFrame));
  const auto room = asio::buffer(c.input.data() + c.filled, c.input.size() - c.filled);
  const auto [error, size] = co_await c.socket.async_read_some(room, kAwait);
  if (error) co_return false;
  c.filled += size;
  co_return true;
}

asio::awaitable<bool> send(std::shared_ptr<TcpConnection> connection, const TcpService& service) {
  TcpConnection& c = *connection;
  std::size_t at = 0;
  while (at < c.output.size()) {
    c.enter(TcpConnection::Phase::Sending, service.options.stall);
    const auto rest = asio::buffer(c.output.data() + at, c.output.size() - at);
    const auto [error, size] = co_await c.socket.async_write_some(rest, kAwait);
    if (error) {
      service.counters.send_failed.add();
      co_return false;
    }
    at += size;
  }
  c.output.clear();
  service.crowd.advance(c);
  co_return true;
}

}  // namespace

TcpConnection::TcpConnection(asio::ip::tcp::socket connected, const config::ListenAddress& from)
    : socket(std::move(connected)),
      peer(from.address),
      group(posix::client_group(from.address)),
      input(kFirstInput) {}

void TcpConnection::enter(Phase next, std::chrono::milliseconds limit) {
  phase = next;
  deadline = Clock::now() + limit;
}

void TcpConnection::shrink() {
  if (input.size() > kFirstInput) std::vector<std::uint8_t>(kFirstInput).swap(input);
  if (output.capacity() > kFirstInput) std::vector<std::uint8_t>().swap(output);
}

asio::awaitable<void> serve(std::shared_ptr<TcpConnection> connection, const TcpService& service) {
  Progress progress = Progress::NeedsInput;
  while (progress != Progress::Silence) {
    if (progress == Progress::NeedsInput) {
      const bool received = co_await receive(connection, service);
      if (!received) break;
    } else {
      connection->phase = TcpConnection::Phase::Sending;
    }
    progress = answer_buffered(*connection, service);
    if (connection->output.empty()) continue;
    const bool sent = co_await send(connection, service);
    if (!sent) co_return;
  }
  boost::system::error_code ignored;
  connection->socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

}  // namespace transport
