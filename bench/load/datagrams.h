// Datagrams that the kernel takes or gives many at a time.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dnswire/bytes.h"

namespace load {

// Room for `count` datagrams of at most `size` octets each, on a connected socket.
class Datagrams {
 public:
  Datagrams(std::size_t count, std::size_t size);
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;

  // How many came; 0 if none is there.
  [[nodiscard]] std::size_t receive(int fd) noexcept;
  [[nodiscard]] dnswire::Bytes received(std::size_t index) const noexcept {
    return {room(index), headers_[index].msg_len};
  }

  // Puts a copy of `query` with this id behind what is there. Requires: room for it.
  void add(dnswire::Bytes query, std::uint16_t id) noexcept;
  [[nodiscard]] std::size_t added() const noexcept { return added_; }
  [[nodiscard]] std::uint16_t id(std::size_t index) const noexcept {
    return dnswire::load16(room(index));
  }
  // How many of those added the kernel took, from the first on. There are none afterwards.
  [[nodiscard]] std::size_t send(int fd) noexcept;

 private:
  [[nodiscard]] const std::uint8_t* room(std::size_t index) const noexcept {
    return octets_.data() + index * size_;
  }

  std::size_t size_;
  std::vector<std::uint8_t> octets_;
  std::vector<iovec> pieces_;
  std::vector<mmsghdr> headers_;
  std::size_t added_ = 0;
};

}  // namespace load
