#include "bench/well_behaved.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

#include "server/posix/file_descriptor.h"

namespace bench {
namespace {

using posix::FileDescriptor;
using std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kOurAddress = 0x7f090909;  // 127.9.9.9
constexpr time_t kPatience = 5;                    // s, for a reply over TCP

nanoseconds since_epoch(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

nanoseconds real_time() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return since_epoch(now);
}

sockaddr_in loopback(std::uint32_t address, std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(address);
  return name;
}

FileDescriptor connect_to(std::uint16_t port, int type, std::uint32_t from) {
  FileDescriptor fd{::socket(AF_INET, type | SOCK_CLOEXEC, 0)};
  const timeval patience{kPatience, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);  // and connect()
  const sockaddr_in ours = loopback(from, 0);
  const sockaddr_in theirs = loopback(INADDR_LOOPBACK, port);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&ours), sizeof ours) != 0 ||
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&theirs), sizeof theirs) != 0) {
    return {};
  }
  return fd;
}

// Sending times by query ID, until the reply is there.
class Pending {
 public:
  explicit Pending(Experience& experience) : experience_(experience) {}

  void sent(std::uint16_t id) {
    ++experience_.asked;
    sent_at_[id] = real_time();
  }

  // Takes one reply in; false: there is none.
  bool receive(int fd) {
    std::array<char, 2048> reply;
    alignas(cmsghdr) std::array<char, 128> control;
    iovec part{reply.data(), reply.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(fd, &message, MSG_DONTWAIT) < 12) return false;
    const auto id = static_cast<std::uint16_t>(static_cast<unsigned char>(reply[0]) << 8 |
                                               static_cast<unsigned char>(reply[1]));
    const nanoseconds sent = std::exchange(sent_at_[id], nanoseconds{});
    if (sent == nanoseconds{}) return true;
    ++experience_.answered;
    experience_.latencies.push_back(arrival(message) - sent);
    return true;
  }

 private:
  static nanoseconds arrival(msghdr& message) {
    for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr;
         item = CMSG_NXTHDR(&message, item)) {
      if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec time{};
      std::memcpy(&time, CMSG_DATA(item), sizeof time);
      return since_epoch(time);
    }
    return real_time();
  }

  Experience& experience_;
  std::vector<nanoseconds> sent_at_ = std::vector<nanoseconds>(65536);
};

// Waits for something to read until `end`.
bool readable_before(int fd, Clock::time_point end) {
  const nanoseconds left = std::max(nanoseconds{0}, nanoseconds(end - Clock::now()));
  const timespec time{static_cast<time_t>(left.count() / 1'000'000'000),
                      static_cast<long>(left.count() % 1'000'000'000)};
  pollfd waiting{fd, POLLIN, 0};
  return ::ppoll(&waiting, 1, &time, nullptr) == 1;
}

void sleep_until(Clock::time_point time) {
  const nanoseconds then = time.time_since_epoch();
  const timespec at{static_cast<time_t>(then.count() / 1'000'000'000),
                    static_cast<long>(then.count() % 1'000'000'000)};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
}

bool receive_exactly(int fd, std::size_t size) {
  std::array<char, 65536> octets;
  return ::recv(fd, octets.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

// One query and its reply on a connection that is open.
bool exchange(int fd, std::uint16_t id) {
  const std::string query = framed(query_for("www", 1, id));
  if (::send(fd, query.data(), query.size(), MSG_NOSIGNAL) != std::ssize(query)) return false;
  std::array<unsigned char, 2> size{};
  if (::recv(fd, size.data(), size.size(), MSG_WAITALL) != 2) return false;
  return receive_exactly(fd, static_cast<std::size_t>(size[0] << 8 | size[1]));
}

bool ask_once(std::uint16_t port, FileDescriptor& connection, std::uint16_t id,
              Experience& experience) {
  if (connection) {
    if (exchange(connection.get(), id)) return true;
    ++experience.reopened;
  }
  connection = connect_to(port, SOCK_STREAM, kOurAddress);
  return connection && exchange(connection.get(), id);
}

// `kept` of 0: a connection for each query.
Experience ask_over_tcp(std::uint16_t port, unsigned per_second, std::size_t kept,
                        const std::atomic<bool>& stop) {
  Experience experience;
  std::vector<FileDescriptor> connections(std::max<std::size_t>(kept, 1));
  Clock::time_point next = Clock::now();
  for (std::uint16_t id = 0; !stop; ++id) {
    FileDescriptor& connection = connections[id % connections.size()];
    const Clock::time_point start = Clock::now();
    ++experience.asked;
    if (ask_once(port, connection, id, experience)) {
      ++experience.answered;
      experience.latencies.push_back(Clock::now() - start);
    } else {
      connection = {};
    }
    if (kept == 0) connection = {};
    next += nanoseconds(std::chrono::seconds(1)) / per_second;
    sleep_until(next);
  }
  return experience;
}

}  // namespace

nanoseconds Experience::quantile(double part) const {
  if (latencies.empty()) return {};
  std::vector<nanoseconds> sorted = latencies;
  std::sort(sorted.begin(), sorted.end());
  const auto index = static_cast<std::size_t>(part * static_cast<double>(sorted.size()));
  return sorted[std::min(index, sorted.size() - 1)];
}

std::string query_for(std::string_view owner, std::uint16_t type, std::uint16_t id) {
  std::string message{static_cast<char>(id >> 8), static_cast<char>(id & 255), 0, 0, 0, 1};
  message.append(6, '\0');
  for (const std::string_view label :
       {owner, std::string_view("bench"), std::string_view("test")}) {
    message += static_cast<char>(label.size());
    message += label;
  }
  message += '\0';
  message += {static_cast<char>(type >> 8), static_cast<char>(type & 255), 0, 1};
  return message;
}

std::string framed(std::string_view message) {
  std::string result{static_cast<char>(message.size() >> 8),
                     static_cast<char>(message.size() & 255)};
  return result.append(message);
}

Experience probe_udp(std::uint16_t port, unsigned per_second, const std::atomic<bool>& stop) {
  Experience experience;
  Pending pending(experience);
  const FileDescriptor fd = connect_to(port, SOCK_DGRAM, kOurAddress);
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  Clock::time_point next = Clock::now();
  for (std::uint16_t id = 0; !stop; ++id) {
    const std::string query = query_for("www", 1, id);
    pending.sent(id);
    ::send(fd.get(), query.data(), query.size(), 0);
    next += nanoseconds(std::chrono::seconds(1)) / per_second;
    while (readable_before(fd.get(), next)) pending.receive(fd.get());
  }
  const Clock::time_point end = Clock::now() + std::chrono::seconds(1);
  while (experience.answered < experience.asked && readable_before(fd.get(), end)) {
    pending.receive(fd.get());
  }
  return experience;
}

Experience ask_anew(std::uint16_t port, unsigned per_second, const std::atomic<bool>& stop) {
  return ask_over_tcp(port, per_second, 0, stop);
}

Experience ask_on_kept(std::uint16_t port, unsigned per_second, std::size_t kept,
                       const std::atomic<bool>& stop) {
  return ask_over_tcp(port, per_second, kept, stop);
}

}  // namespace bench
