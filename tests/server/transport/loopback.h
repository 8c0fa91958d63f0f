// Plain blocking clients on the loopback interface, and the queries that the stand-in for
// answer::answer() (stand_in_answer.cc) understands.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "dnswire/bytes.h"
#include "server/answer/snapshot.h"
#include "server/posix/sockets.h"

namespace loopback {

using Message = std::vector<std::uint8_t>;
using std::chrono::milliseconds;

inline config::ListenAddress address(std::string_view text) {
  return config::ListenAddress::from_text(text).value();
}

inline std::shared_ptr<const answer::Snapshot> snapshot(std::uint64_t generation) {
  auto result = std::make_shared<answer::Snapshot>();
  result->generation = generation;
  return result;
}

// What the stand-in makes of a query: the first character of its QNAME.
enum Order : char {
  kEcho = 'e',  // the query with QR set
  kSilence = 's',
  kBig = 'b',         // 2000 octets
  kHuge = 'h',        // 60,000 octets
  kGeneration = 'g',  // the echo, and eight octets with the Snapshot's generation
  kDynamic = 'd',     // the echo, counted as tailored, last resort and truncated
};

inline Message query(Order order, std::uint16_t id, std::uint16_t type = 1) {
  Message message(12, 0);
  dnswire::store16(message.data(), id);
  message[5] = 1;  // QDCOUNT
  message.insert(message.end(), {2, static_cast<std::uint8_t>(order), 'x', 0, 0, 0, 0, 1});
  dnswire::store16(&message[16], type);
  return message;
}

inline Message echo_of(Message message) {
  message[2] |= 0x80;
  return message;
}

inline Message framed(const Message& message) {
  Message result(2);
  dnswire::store16(result.data(), static_cast<std::uint16_t>(message.size()));
  result.insert(result.end(), message.begin(), message.end());
  return result;
}

inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
  return true;
}

class Client {
 public:
  Client(const config::ListenAddress& to, int type) {
    const posix::SocketAddress name = posix::to_socket_address(to);
    fd_ = posix::FileDescriptor{::socket(name.any.sa_family, type, 0)};
    const timeval limit{20, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    connected_ = ::connect(fd_.get(), &name.any, posix::size_of(name)) == 0;
  }

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] config::ListenAddress local() const { return posix::bound_address(fd_); }
  void close() { fd_ = {}; }
  void end_of_queries() const { ::shutdown(fd(), SHUT_WR); }

  bool send(const Message& bytes) const {
    return ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == std::ssize(bytes);
  }
  bool send(std::string_view text) const { return send(Message(text.begin(), text.end())); }

  // One datagram, or what a stream holds; empty at the end, after an error or 20 s.
  [[nodiscard]] Message receive() const {
    Message bytes(65536);
    const ssize_t size = ::recv(fd(), bytes.data(), bytes.size(), 0);
    bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return bytes;
  }
  // Exactly `size` octets of a stream; fewer if it ends.
  [[nodiscard]] Message receive(std::size_t size) const {
    Message bytes(size);
    const ssize_t got = ::recv(fd(), bytes.data(), size, MSG_WAITALL);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  // One framed message; empty if the stream ends.
  [[nodiscard]] Message receive_framed() const {
    const Message size = receive(2);
    return size.size() == 2 ? receive(dnswire::load16(size.data())) : Message{};
  }
  // Everything until the other side closes.
  [[nodiscard]] std::string receive_all() const {
    std::string text;
    for (Message part = receive(); !part.empty(); part = receive()) {
      text.append(part.begin(), part.end());
    }
    return text;
  }
  // Whether the other side has closed (within 20 s), with or without a reset.
  [[nodiscard]] bool sees_end() const {
    pollfd waiting{fd(), POLLIN, 0};
    if (::poll(&waiting, 1, 20'000) != 1) return false;
    return receive().empty();
  }
  // Whether there is nothing to read for `time`.
  [[nodiscard]] bool sees_nothing(milliseconds time) const {
    pollfd waiting{fd(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) == 0;
  }

 private:
  posix::FileDescriptor fd_;
  bool connected_ = false;
};

}  // namespace loopback
