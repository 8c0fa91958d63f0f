// One connection of a run over TCP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/load/ledger.h"
#include "bench/load/outstanding.h"
#include "server/posix/file_descriptor.h"

namespace load {

// Borrows: options, queries and ledger.
class TcpConnection {
 public:
  TcpConnection(const Options& options, const QuerySet& queries, Ledger& ledger);

  // Begins to connect; true unless that fails at once. Requires: not open.
  bool open(std::size_t index, Time now);
  // What waits is lost.
  void close();

  // Both return false when the connection has ended or can end, and is to be closed.
  [[nodiscard]] bool on_writable(Time now);  // connected, or the kernel takes more
  [[nodiscard]] bool on_readable();          // reads, accounts and asks again
  [[nodiscard]] bool is_overdue(Time now) const;

  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(fd_); }
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] std::size_t waiting() const noexcept { return outstanding_.size(); }

 private:
  void ask(Time now);
  bool flush();
  void account(Time now);

  const Options& options_;
  const QuerySet& queries_;
  Ledger& ledger_;
  posix::FileDescriptor fd_;
  Outstanding outstanding_;
  Time opened_;
  Time progress_;  // when it was opened, or the latest reply came
  bool connected_ = false;
  std::uint64_t asked_ = 0;  // on this connection
  std::vector<std::uint8_t> incoming_;
  std::size_t received_ = 0;
  std::vector<std::uint8_t> outgoing_;
};

}  // namespace load
