#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "server/answer/answer.h"
#include "server/metrics/counters.h"
#include "server/posix/sockets.h"

namespace transport {

inline constexpr std::size_t kBatchSize = 32;
inline constexpr std::size_t kDatagramSize = 4096;  // octets; what is longer is cut

// Turns a composed reply into one that says "ask again over TCP": header and question only, TC set.
// Returns its size. RFC 2181 9.   Requires: a reply of ours, hence a header and no compressed
// QNAME.
[[nodiscard]] std::size_t cut_to_question(dnswire::MutableBytes reply) noexcept;

// Up to 32 datagrams received, answered and sent together. All memory is taken once.
class UdpBatch {
 public:
  UdpBatch();

  // Receives what is there, answers it from one Snapshot and sends the replies. Never waits.
  void serve(int socket, const answer::Snapshot& snapshot, dnswire::UnixTime now,
             answer::Scratch& scratch, metrics::Counters& counters) noexcept;

 private:
  // A datagram's room: the control message travels from the query to the reply, so that the reply
  // leaves from the address that was asked.
  struct Slot {
    posix::SocketAddress peer;
    alignas(cmsghdr) std::array<std::uint8_t, 64> control;
    std::array<std::uint8_t, kDatagramSize> query;
    std::array<std::uint8_t, kDatagramSize> reply;
    iovec part;
  };

  std::size_t receive(int socket) noexcept;
  bool compose(Slot& slot, std::size_t size, const answer::Snapshot& snapshot,
               dnswire::UnixTime now, answer::Scratch& scratch,
               metrics::Counters& counters) noexcept;
  void send(int socket, std::size_t count, metrics::Counters& counters) noexcept;
  // Whether the first of the unsent replies is to be tried again.
  static bool mend(mmsghdr& message, int error, metrics::Counters& counters) noexcept;

  std::unique_ptr<std::array<Slot, kBatchSize>> slots_;
  std::array<mmsghdr, kBatchSize> received_{};
  std::array<mmsghdr, kBatchSize> replies_{};
};

}  // namespace transport
