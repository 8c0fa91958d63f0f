#pragma once

#include <netinet/in.h>
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
inline constexpr std::size_t kDatagramSize = 2048;  // octets; what is longer is cut

// Turns a composed reply into one that says "ask again over TCP": header and question only, TC set.
// Returns its size. RFC 2181 9.   Requires: a reply of ours, hence a header and no compressed
// QNAME.
[[nodiscard]] std::size_t cut_to_question(dnswire::MutableBytes reply) noexcept;

// What a batch has to know of a socket.   Borrows: the descriptor.
struct UdpSocket {
  explicit UdpSocket(const posix::FileDescriptor& bound) noexcept;

  int fd;
  dnswire::Family family;
  std::size_t control_size;  // room for control messages; 0: none come
};

// Up to kBatchSize datagrams received, answered and sent together. All memory is taken once, by the
// thread that makes the object.
class UdpBatch {
 public:
  using Control = std::array<std::uint8_t, 64>;  // octets of control messages

  UdpBatch();

  // Receives what is there, answers it from one Snapshot and sends the replies. Never waits.
  // Returns how many datagrams there were.
  std::size_t serve(const UdpSocket& socket, const answer::Snapshot& snapshot,
                    dnswire::UnixTime now, answer::Scratch& scratch,
                    metrics::Counters& counters) noexcept;

 private:
  static constexpr std::size_t kCacheLine = 64;

  // A datagram's room. What the kernel reads of each is in one cache line; the control message
  // travels from the query to the reply, so that the reply leaves from the address that was asked.
  struct alignas(kCacheLine) Slot {
    posix::SocketAddress peer;
    iovec query_part;
    iovec reply_part;
    alignas(kCacheLine) std::array<std::uint8_t, kDatagramSize> query;
    alignas(kCacheLine) std::array<std::uint8_t, kDatagramSize> reply;
    alignas(cmsghdr) Control control;
  };
  static_assert(sizeof(Slot) % 4096 != 0, "all slots would share the same lines of the cache");

  std::size_t receive(const UdpSocket& socket) noexcept;
  void make_ready(std::size_t count, std::size_t control_size) noexcept;
  std::size_t compose(std::size_t index, dnswire::Family family, answer::Client& client,
                      const answer::Snapshot& snapshot, dnswire::UnixTime now,
                      answer::Scratch& scratch) noexcept;
  void send(const UdpSocket& socket, std::size_t count, metrics::Counters& counters) noexcept;
  // Whether the first of the unsent replies is to be tried again.
  static bool mend(mmsghdr& message, int error, metrics::Counters& counters) noexcept;

  std::unique_ptr<std::array<Slot, kBatchSize>> slots_;
  // Each message belongs to a slot, in whatever order: a query that gets no reply changes places
  // with the next that does. Between batches all are ready to receive.
  std::array<mmsghdr, kBatchSize> messages_{};
  std::array<Slot*, kBatchSize> slot_of_{};
  std::size_t control_size_ = 0;  // that the messages are ready for
};

}  // namespace transport
