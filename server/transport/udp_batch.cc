#include "server/transport/udp_batch.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "dnswire/header.h"

namespace transport {
namespace {

constexpr std::uint8_t kTcBit = 0x02;     // in the third octet, RFC 1035 4.1.1
constexpr std::size_t kQuestionTail = 4;  // QTYPE and QCLASS, RFC 1035 4.1.2

// The kernel reports where a query arrived; a reply needs its source address only. An interface is
// kept for link-local addresses alone: elsewhere the routing table knows better.
void prepare_control(msghdr& header) noexcept {
  cmsghdr* item = CMSG_FIRSTHDR(&header);  // there is no second one: open_udp() asks for one kind
  if (item == nullptr) return;
  if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
    in_pktinfo info;
    std::memcpy(&info, CMSG_DATA(item), sizeof info);
    info.ipi_ifindex = 0;
    std::memcpy(CMSG_DATA(item), &info, sizeof info);
  } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
    in6_pktinfo info;
    std::memcpy(&info, CMSG_DATA(item), sizeof info);
    if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) info.ipi6_ifindex = 0;
    std::memcpy(CMSG_DATA(item), &info, sizeof info);
  }
}

}  // namespace

std::size_t cut_to_question(dnswire::MutableBytes reply) noexcept {
  if (reply.size() < dnswire::kHeaderSize) return reply.size();
  reply[2] = static_cast<std::uint8_t>(reply[2] | kTcBit);
  std::fill_n(reply.begin() + 6, 6, std::uint8_t{0});  // ANCOUNT, NSCOUNT, ARCOUNT
  if (dnswire::load16(&reply[4]) == 0) return dnswire::kHeaderSize;
  std::size_t at = dnswire::kHeaderSize;
  while (at < reply.size() && reply[at] != 0) at += 1u + reply[at];
  const std::size_t end = at + 1 + kQuestionTail;
  if (end <= reply.size()) return end;
  dnswire::store16(&reply[4], 0);
  return dnswire::kHeaderSize;
}

UdpSocket::UdpSocket(const posix::FileDescriptor& bound) noexcept : fd(bound.get()) {
  const config::ListenAddress address = posix::bound_address(bound);
  family = address.address.family();
  control_size = address.is_wildcard() ? sizeof(UdpBatch::Control) : 0;
}

UdpBatch::UdpBatch() : slots_(std::make_unique<std::array<Slot, kBatchSize>>()) {
  for (std::size_t i = 0; i < kBatchSize; ++i) {
    Slot& slot = (*slots_)[i];
    slot.query_part = {slot.query.data(), slot.query.size()};
    slot.reply_part = {slot.reply.data(), 0};
    slot_of_[i] = &slot;
    msghdr& header = messages_[i].msg_hdr;
    header.msg_name = &slot.peer;
    header.msg_iovlen = 1;
    header.msg_control = slot.control.data();
  }
  make_ready(kBatchSize, control_size_);
}

// Writes the reply into the slot and turns the message round. Returns the size; 0: say nothing.
inline std::size_t UdpBatch::compose(std::size_t index, dnswire::Family family,
                                     answer::Client& client, const answer::Snapshot& snapshot,
                                     dnswire::UnixTime now, answer::Scratch& scratch) noexcept {
  Slot& slot = *slot_of_[index];
  if (posix::port_of(slot.peer) == 0) {  // nobody can listen there: a forged query
    scratch.outcome = {};
    return 0;
  }
  client.address = posix::ip_address(slot.peer, family);
  msghdr& header = messages_[index].msg_hdr;
  const dnswire::Bytes query{slot.query.data(), messages_[index].msg_len};
  const std::size_t size = answer::answer(query, client, snapshot, now, scratch, slot.reply).size();
  slot.reply_part.iov_len = size;
  header.msg_iov = &slot.reply_part;
  if (header.msg_controllen != 0) prepare_control(header);
  return size;
}

std::size_t UdpBatch::serve(const UdpSocket& socket, const answer::Snapshot& snapshot,
                            dnswire::UnixTime now, answer::Scratch& scratch,
                            metrics::Counters& counters) noexcept {
  const std::size_t count = receive(socket);
  if (count == 0) return 0;
  metrics::Traffic traffic{count};
  answer::Client client{{}, answer::Transport::Udp};
  std::size_t replies = 0;
  for (std::size_t i = 0; i < count; ++i) {
    traffic.received_bytes += messages_[i].msg_len;
    const std::size_t size = compose(i, socket.family, client, snapshot, now, scratch);
    metrics::account(counters, scratch.outcome);
    if (size == 0) continue;
    traffic.sent_bytes += size;
    if (replies != i) {
      std::swap(messages_[replies], messages_[i]);
      std::swap(slot_of_[replies], slot_of_[i]);
    }
    ++replies;
  }
  metrics::account(counters, answer::Transport::Udp, socket.family, traffic);
  send(socket, replies, counters);
  make_ready(count, socket.control_size);
  return count;
}

std::size_t UdpBatch::receive(const UdpSocket& socket) noexcept {
  if (control_size_ != socket.control_size) make_ready(kBatchSize, socket.control_size);
  const int count = ::recvmmsg(socket.fd, messages_.data(), kBatchSize, MSG_DONTWAIT, nullptr);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

// Puts back what the kernel and replies have changed.
void UdpBatch::make_ready(std::size_t count, std::size_t control_size) noexcept {
  control_size_ = control_size;
  for (std::size_t i = 0; i < count; ++i) {
    msghdr& header = messages_[i].msg_hdr;
    header.msg_namelen = sizeof(posix::SocketAddress);
    header.msg_iov = &slot_of_[i]->query_part;
    header.msg_controllen = control_size;
  }
}

void UdpBatch::send(const UdpSocket& socket, std::size_t count,
                    metrics::Counters& counters) noexcept {
  std::size_t at = 0;
  while (at < count) {
    const int sent =
        ::sendmmsg(socket.fd, &messages_[at], static_cast<unsigned>(count - at), MSG_DONTWAIT);
    if (sent > 0) {
      at += static_cast<std::size_t>(sent);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      counters.send_full.add(count - at);  // the rest would not fit either
      return;
    }
    if (!mend(messages_[at], errno, counters)) ++at;
  }
}

bool UdpBatch::mend(mmsghdr& message, int error, metrics::Counters& counters) noexcept {
  if (error == EINTR) return true;
  iovec& part = *message.msg_hdr.msg_iov;
  if (error == EMSGSIZE) {
    const std::size_t size =
        cut_to_question({static_cast<std::uint8_t*>(part.iov_base), part.iov_len});
    const bool shorter = size < part.iov_len;
    part.iov_len = size;
    if (shorter) {
      counters.truncated.add();
      return true;
    }
  }
  counters.send_failed.add();
  return false;
}

}  // namespace transport
