#include "bench/load/datagrams.h"

#include <algorithm>

namespace load {

Datagrams::Datagrams(std::size_t count, std::size_t size)
    : size_(size), octets_(count * size), pieces_(count), headers_(count) {
  for (std::size_t i = 0; i < count; ++i) {
    pieces_[i] = {octets_.data() + i * size, size};
    headers_[i].msg_hdr.msg_iov = &pieces_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

std::size_t Datagrams::receive(int fd) noexcept {
  const int count = ::recvmmsg(fd, headers_.data(), static_cast<unsigned>(headers_.size()),
                               MSG_DONTWAIT, nullptr);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void Datagrams::add(dnswire::Bytes query, std::uint16_t id) noexcept {
  std::uint8_t* to = octets_.data() + added_ * size_;
  std::copy(query.begin(), query.end(), to);
  dnswire::store16(to, id);
  pieces_[added_++].iov_len = query.size();
}

std::size_t Datagrams::send(int fd) noexcept {
  const int count = ::sendmmsg(fd, headers_.data(), static_cast<unsigned>(added_), MSG_DONTWAIT);
  added_ = 0;
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

}  // namespace load
