// The floor that a DNS server is measured against: sends every datagram back with its flag QR set,
// filled up or cut to 64 octets, in batches of 64, and does nothing else.
//
//   build/release/bench/echo PORT SECONDS
//
// Listens on 127.0.0.1 and ends after so many seconds (600 at most), or when it is told to.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "server/posix/file_descriptor.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kBatch = 64;
constexpr std::size_t kReplySize = 64;       // octets
constexpr std::size_t kMaxQuerySize = 2048;  // octets
constexpr int kBufferSize = 4 << 20;         // octets, as fairlead asks for
constexpr long kMostSeconds = 600;

class Echo {
 public:
  explicit Echo(int fd) : fd_(fd) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      pieces_[i].iov_base = octets_[i].data();
      headers_[i].msg_hdr.msg_iov = &pieces_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
      headers_[i].msg_hdr.msg_name = &clients_[i];
    }
  }

  void turn() {
    for (std::size_t i = 0; i < kBatch; ++i) {
      pieces_[i].iov_len = kMaxQuerySize;
      headers_[i].msg_hdr.msg_namelen = sizeof clients_[i];
    }
    const int count = ::recvmmsg(fd_, headers_.data(), kBatch, MSG_WAITFORONE, nullptr);
    if (count <= 0) return;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      octets_[i][2] |= 0x80;  // QR, RFC 1035 4.1.1
      pieces_[i].iov_len = kReplySize;
    }
    for (int sent = 0; sent < count;) {
      const int more = ::sendmmsg(fd_, &headers_[static_cast<std::size_t>(sent)],
                                  static_cast<unsigned>(count - sent), 0);
      sent += more > 0 ? more : 1;  // what cannot be sent is passed over
    }
  }

 private:
  int fd_;
  std::array<std::array<std::uint8_t, kMaxQuerySize>, kBatch> octets_{};
  std::array<sockaddr_in, kBatch> clients_{};
  std::array<iovec, kBatch> pieces_{};
  std::array<mmsghdr, kBatch> headers_{};
};

int listen_on(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const timeval look_up{0, 100'000};  // so that the end is seen
  (void)::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &look_up, sizeof look_up);
  for (const int option : {SO_RCVBUF, SO_SNDBUF, SO_RCVBUFFORCE, SO_SNDBUFFORCE}) {
    (void)::setsockopt(fd, SOL_SOCKET, option, &kBufferSize, sizeof kBufferSize);
  }
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(port);
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0 ? fd : -1;
}

}  // namespace

int main(int argc, char** argv) {
  const long port = argc == 3 ? std::strtol(argv[1], nullptr, 10) : 0;
  const long seconds = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 0;
  if (port < 1 || port > 65535 || seconds < 1) {
    std::fputs("usage: echo PORT SECONDS\n", stderr);
    return 2;
  }
  const posix::FileDescriptor fd{listen_on(static_cast<std::uint16_t>(port))};
  if (!fd) {
    std::fprintf(stderr, "echo: port %ld: %s\n", port, std::strerror(errno));
    return 1;
  }
  static Echo echo(fd.get());
  const auto end = Clock::now() + std::chrono::seconds(std::min(seconds, kMostSeconds));
  while (Clock::now() < end) echo.turn();
  return 0;
}
