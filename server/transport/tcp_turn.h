// A connection's turn: what it has sent is answered, what it is owed is sent. For tcp_loop.cc.
#pragma once

#include <cstdint>
#include <memory>

#include "server/answer/answer.h"
#include "server/config/protocol_options.h"
#include "server/metrics/counters.h"
#include "server/transport/publisher.h"
#include "server/transport/tcp_connection.h"
#include "server/transport/tcp_crowd.h"

namespace transport {

// What a connection waits for after its turn.
enum class TcpWait : std::uint8_t { Input, Room, Turn, Nothing };  // Nothing: it is over

// What the connections of a listener share; all of it belongs to its thread.
class TcpTurn {
 public:
  using Clock = TcpConnection::Clock;

  TcpTurn(Publisher::Reader& reader, std::uint64_t seed, metrics::Counters& counters,
          TcpCrowd& crowd, const config::TcpOptions& options);

  [[nodiscard]] const config::TcpOptions& options() const noexcept { return options_; }
  void set_options(const config::TcpOptions& options);

  // The time of the turns to come.
  void set_time(Clock::time_point now, dnswire::UnixTime date) noexcept;
  [[nodiscard]] Clock::time_point now() const noexcept { return now_; }

  // A newcomer: it has until then to ask.
  void welcome(TcpConnection& connection) const noexcept;

  // Sends, receives once, answers what is whole and sends that. Never waits. Throws std::bad_alloc.
  TcpWait serve(TcpConnection& connection);

 private:
  enum class Progress : std::uint8_t { NeedsInput, HasMore, Silence };

  TcpWait receive(TcpConnection& connection);
  TcpWait answer(TcpConnection& connection, dnswire::Bytes input);
  Progress compose(const TcpConnection& connection, dnswire::Bytes& input);
  std::size_t compose_one(const answer::Client& client, dnswire::Bytes query);
  TcpWait send_composed(TcpConnection& connection, TcpWait then);
  TcpWait send_owed(TcpConnection& connection);
  bool send(const TcpConnection& connection, dnswire::Bytes& rest);
  TcpWait wait_for_input(TcpConnection& connection, bool has_answered) const;

  Publisher::Reader& reader_;
  metrics::Counters& counters_;
  TcpCrowd& crowd_;
  config::TcpOptions options_;
  const std::unique_ptr<answer::Scratch> scratch_;
  const std::unique_ptr<std::uint8_t[]> received_;
  std::unique_ptr<std::uint8_t[]> composed_;  // of composed_room_ octets
  std::size_t composed_room_ = 0;
  std::size_t composed_size_ = 0;
  Clock::time_point now_;
  dnswire::UnixTime date_ = 0;
};

}  // namespace transport
