#include "server/transport/udp_batch.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "dnswire/header.h"

namespace transport {
namespace {

constexpr std::uint8_t kTcBit = 0x02;     // in the third octet, RFC 1035 4.1.1
constexpr std::size_t kQuestionTail = 4;  // QTYPE and QCLASS, RFC 1035 4.1.2

// The kernel reports where a query arrived; a reply needs its source address only. An interface is
// kept for link-local addresses alone: elsewhere the routing table knows better.
void prepare_control(msghdr& header) noexcept {
  for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
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

UdpBatch::UdpBatch() : slots_(std::make_unique<std::array<Slot, kBatchSize>>()) {}

void UdpBatch::serve(int socket, const answer::Snapshot& snapshot, dnswire::UnixTime now,
                     answer::Scratch& scratch, metrics::Counters& counters) noexcept {
  const std::size_t count = receive(socket);
  std::size_t replies = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Slot& slot = (*slots_)[i];
    if (!compose(slot, received_[i].msg_len, snapshot, now, scratch, counters)) continue;
    msghdr& header = replies_[replies++].msg_hdr;
    header = received_[i].msg_hdr;
    header.msg_flags = 0;
    prepare_control(header);
    if (header.msg_controllen == 0) header.msg_control = nullptr;
  }
  send(socket, replies, counters);
}

std::size_t UdpBatch::receive(int socket) noexcept {
  for (std::size_t i = 0; i < kBatchSize; ++i) {
    Slot& slot = (*slots_)[i];
    slot.part = {slot.query.data(), slot.query.size()};
    received_[i] = {};
    msghdr& header = received_[i].msg_hdr;
    header.msg_name = &slot.peer;
    header.msg_namelen = sizeof slot.peer;
    header.msg_iov = &slot.part;
    header.msg_iovlen = 1;
    header.msg_control = slot.control.data();
    header.msg_controllen = slot.control.size();
  }
  const int count = ::recvmmsg(socket, received_.data(), kBatchSize, MSG_DONTWAIT, nullptr);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

// Writes the reply into the slot. False: say nothing.
bool UdpBatch::compose(Slot& slot, std::size_t size, const answer::Snapshot& snapshot,
                       dnswire::UnixTime now, answer::Scratch& scratch,
                       metrics::Counters& counters) noexcept {
  constexpr auto kUdp = answer::Transport::Udp;
  const config::ListenAddress peer = posix::from_socket_address(slot.peer);
  if (peer.port == 0) {  // nobody can listen there: a forged query
    metrics::account(counters, answer::Outcome{}, kUdp, peer.address.family(), {size, 0});
    return false;
  }
  const answer::Client client{peer.address, kUdp};
  scratch.outcome = {};
  const std::size_t length =
      answer::answer({slot.query.data(), size}, client, snapshot, now, scratch, slot.reply).size();
  slot.part = {slot.reply.data(), length};
  metrics::account(counters, scratch.outcome, kUdp, peer.address.family(), {size, length});
  return length > 0;
}

void UdpBatch::send(int socket, std::size_t count, metrics::Counters& counters) noexcept {
  std::size_t at = 0;
  while (at < count) {
    const int sent =
        ::sendmmsg(socket, &replies_[at], static_cast<unsigned>(count - at), MSG_DONTWAIT);
    if (sent > 0) {
      at += static_cast<std::size_t>(sent);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      counters.send_full.add(count - at);  // the rest would not fit either
      return;
    }
    if (!mend(replies_[at], errno, counters)) ++at;
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
