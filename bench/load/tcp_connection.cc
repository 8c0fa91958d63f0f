#include "bench/load/tcp_connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "bench/load/sockets.h"

namespace load {
namespace {

constexpr std::size_t kLengthSize = 2;           // RFC 1035 4.2.2
constexpr std::size_t kBufferSize = 128 * 1024;  // octets: more than the longest message

bool has_connected(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

}  // namespace

TcpConnection::TcpConnection(const Options& options, const QuerySet& queries, Ledger& ledger)
    : options_(options),
      queries_(queries),
      ledger_(ledger),
      outstanding_(std::bit_ceil(std::size_t{options.pipelined})),
      incoming_(kBufferSize) {}

bool TcpConnection::open(std::size_t index, Time now) {
  fd_ = open_socket(options_, SOCK_STREAM, index);
  opened_ = progress_ = now;
  connected_ = false;
  asked_ = 0;
  received_ = 0;
  outgoing_.clear();
  const Endpoint server(options_.server, options_.port);
  ++ledger_.tally().connections;
  if (::connect(fd_.get(), server.get(), server.size) == 0 || errno == EINPROGRESS) return true;
  ++ledger_.tally().failed_connections;
  fd_ = {};
  return false;
}

void TcpConnection::close() {
  if (!connected_) ++ledger_.tally().failed_connections;
  outstanding_.expire(Time::max(), outstanding_.capacity(),
                      [this](const Asked& asked) { ledger_.lose(asked); });
  fd_ = {};
}

bool TcpConnection::on_writable(Time now) {
  if (!connected_) {
    if (!has_connected(fd_.get())) return false;
    connected_ = true;
    ask(now);
  }
  return flush();
}

// As many as may wait. The first one's latency has the handshake in it when it is the only one.
void TcpConnection::ask(Time now) {
  while (ledger_.may_send() && ledger_.left() > 0 && outstanding_.size() < options_.pipelined &&
         (options_.per_connection == 0 || asked_ < options_.per_connection)) {
    const Asked asked = ledger_.ask(options_.per_connection == 1 ? opened_ : now, now);
    const dnswire::Bytes query = queries_.query(asked.query);
    const std::size_t start = outgoing_.size();
    outgoing_.resize(start + kLengthSize);
    dnswire::store16(outgoing_.data() + start, static_cast<std::uint16_t>(query.size()));
    outgoing_.insert(outgoing_.end(), query.begin(), query.end());
    dnswire::store16(outgoing_.data() + start + kLengthSize, *outstanding_.add(asked));
    ++asked_;
  }
}

bool TcpConnection::flush() {
  if (outgoing_.empty()) return true;
  const ssize_t sent = ::send(fd_.get(), outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN;
  outgoing_.erase(outgoing_.begin(), outgoing_.begin() + sent);
  return true;
}

bool TcpConnection::on_readable() {
  for (;;) {
    const std::size_t room = incoming_.size() - received_;
    const ssize_t got = ::recv(fd_.get(), incoming_.data() + received_, room, 0);
    if (got < 0 && errno == EAGAIN) return true;
    if (got <= 0) return false;
    received_ += static_cast<std::size_t>(got);
    const Time now = std::chrono::steady_clock::now();
    account(now);
    if (options_.per_connection != 0 && asked_ == options_.per_connection && waiting() == 0) {
      return false;
    }
    ask(now);
    if (!flush()) return false;
    if (static_cast<std::size_t>(got) < room) return true;
  }
}

void TcpConnection::account(Time now) {
  std::size_t done = 0;
  while (received_ - done >= kLengthSize) {
    const std::size_t size = dnswire::load16(incoming_.data() + done);
    if (received_ - done - kLengthSize < size) break;
    const dnswire::Bytes message(incoming_.data() + done + kLengthSize, size);
    done += kLengthSize + size;
    progress_ = now;
    if (size < kHeaderSize) {
      ledger_.wrong();
    } else if (const auto asked = outstanding_.take(dnswire::load16(message.data()))) {
      ledger_.reply(*asked, message, now);
    } else {
      ledger_.late();
    }
  }
  std::memmove(incoming_.data(), incoming_.data() + done, received_ - done);
  received_ -= done;
}

bool TcpConnection::is_overdue(Time now) const {
  return (!connected_ || waiting() > 0) && now - progress_ > options_.timeout;
}

}  // namespace load
