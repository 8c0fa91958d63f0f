#include "bench/load/udp_run.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <deque>
#include <optional>
#include <vector>

#include "bench/load/datagrams.h"
#include "bench/load/ledger.h"
#include "bench/load/outstanding.h"
#include "bench/load/pacing.h"
#include "bench/load/sockets.h"

namespace load {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxReplySize = 4096;
constexpr std::size_t kAllIds = 65536;
constexpr std::size_t kSweeps =
    64;  // a table is looked through once in a timeout, in so many parts

struct Socket {
  posix::FileDescriptor fd;
  Outstanding outstanding;
};

// Four times as many places as are used, so that few of them are taken when an id comes round.
std::size_t table_size(const Options& options, std::size_t window) {
  return options.rate != 0 ? kAllIds : std::min(kAllIds, std::bit_ceil(4 * window));
}

class UdpRun {
 public:
  UdpRun(const Options& options, const QuerySet& queries)
      : options_(options),
        queries_(queries),
        window_(std::max(1U, options.window / options.sockets)),
        incoming_(options.batch, kMaxReplySize),
        outgoing_(options.batch, kMaxQuerySize) {
    for (std::size_t i = 0; i < options.sockets; ++i) {
      sockets_.push_back(
          {open_socket(options, SOCK_DGRAM, i), Outstanding(table_size(options, window_))});
    }
    now_ = Clock::now();
    if (options.rate != 0) pace_.emplace(now_, options.rate);
    next_sweep_ = now_;
    ledger_.emplace(options, queries, now_);
  }

  Outcome run() {
    while (!ledger_->is_over(waiting())) {
      now_ = Clock::now();
      advance();
      for (Socket& socket : sockets_) receive(socket);
      if (now_ >= next_sweep_) sweep();
      if (ledger_->may_send()) send();
    }
    return ledger_->outcome();
  }

 private:
  [[nodiscard]] std::size_t waiting() const {
    std::size_t sum = 0;
    for (const Socket& socket : sockets_) sum += socket.outstanding.size();
    return sum;
  }

  void advance() {
    if (!ledger_->may_send()) return;
    ledger_->advance(now_);
    if (ledger_->may_send() || !pace_) return;
    const std::uint64_t due = pace_->due_by(now_) - 1;  // the last one has only just become due
    if (ledger_->left() > 0 && due > sent_) ledger_->tally().unsent = due - sent_;
  }

  void receive(Socket& socket) {
    if (socket.outstanding.size() == 0) return;
    const std::size_t count = incoming_.receive(socket.fd.get());
    if (count == 0) return;
    now_ = Clock::now();
    for (std::size_t i = 0; i < count; ++i) {
      const dnswire::Bytes message = incoming_.received(i);
      if (message.size() < kHeaderSize) {
        ledger_->wrong();
      } else if (const auto asked = socket.outstanding.take(dnswire::load16(message.data()))) {
        ledger_->reply(*asked, message, now_);
      } else {
        ledger_->late();
      }
    }
  }

  void sweep() {
    next_sweep_ = now_ + options_.timeout / kSweeps;
    for (Socket& socket : sockets_) {
      const std::size_t part = socket.outstanding.capacity() / kSweeps + 1;
      socket.outstanding.expire(now_ - options_.timeout, part,
                                [this](const Asked& asked) { ledger_->lose(asked); });
    }
  }

  void send() {
    if (pace_) return send_what_is_due();
    for (Socket& socket : sockets_) {
      const std::size_t waiting = socket.outstanding.size();
      if (waiting < window_) send_now(socket, window_ - waiting);
    }
  }

  // Closed loop: what the kernel does not take is asked another time.
  void send_now(Socket& socket, std::size_t wanted) {
    fill(socket, wanted, [this] { return now_; });
    for (std::size_t unsent = flush(socket); unsent > 0; --unsent) ledger_->take_back();
  }

  // Open loop: what the kernel does not take was due all the same, and is lost. A batch for each
  // socket, then replies are looked for again, however much more is due.
  void send_what_is_due() {
    const std::uint64_t due = pace_->due_by(now_);
    if (sent_ < due) ledger_->note_lag(now_ - pace_->due(sent_));
    for (std::size_t i = 0; i < sockets_.size() && sent_ < due && ledger_->left() > 0; ++i) {
      Socket& socket = sockets_[turn_++ % sockets_.size()];
      const std::uint64_t before = sent_;
      fill(socket, due - sent_, [this] { return pace_->due(sent_++); });
      flush(socket);
      if (sent_ == before) {  // every id of this socket waits for a reply
        ledger_->lose(ledger_->ask(pace_->due(sent_++), now_));
      }
    }
  }

  template <class Due>
  void fill(Socket& socket, std::uint64_t wanted, Due due) {
    wanted = std::min({wanted, std::uint64_t{options_.batch}, ledger_->left()});
    while (outgoing_.added() < wanted &&
           socket.outstanding.size() < socket.outstanding.capacity()) {
      const Asked asked = ledger_->ask(due(), now_);
      outgoing_.add(queries_.query(asked.query), *socket.outstanding.add(asked));
    }
  }

  // Sends what fill() has added; returns how many the kernel did not take.
  std::size_t flush(Socket& socket) {
    const std::size_t added = outgoing_.added();
    if (added == 0) return 0;
    const std::size_t sent = outgoing_.send(socket.fd.get());
    for (std::size_t i = sent; i < added; ++i) {
      const auto asked = socket.outstanding.take(outgoing_.id(i));
      if (asked && pace_) ledger_->lose(*asked);
    }
    return added - sent;
  }

  const Options& options_;
  const QuerySet& queries_;
  std::size_t window_;  // of each socket
  std::vector<Socket> sockets_;
  Datagrams incoming_;
  Datagrams outgoing_;
  std::optional<Pace> pace_;
  std::optional<Ledger> ledger_;
  Time now_;
  Time next_sweep_;
  std::uint64_t sent_ = 0;
  std::size_t turn_ = 0;
};

}  // namespace

Outcome run_udp(const Options& options, const QuerySet& queries) {
  return UdpRun(options, queries).run();
}

}  // namespace load
