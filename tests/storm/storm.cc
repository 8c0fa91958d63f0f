// Sends a server datagrams that hurt, and a valid query after every 99 of them, which must be
// answered. Prints what was sent and what came back, one "name value" a line.
// Usage: storm ADDRESS PORT DATAGRAMS SEED < a file of well-formed queries, each behind its length
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

using Octets = std::vector<std::uint8_t>;

constexpr int kPatience = 20'000;     // ms for a valid query's answer, on a slow machine
constexpr int kGarbagePerQuery = 99;  // fits any receive buffer, so that nothing is lost
constexpr std::size_t kMaxGarbage = 600;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "storm: %s\n", what);
  std::exit(1);
}

// Each behind its length in two octets, as on TCP.
std::vector<Octets> read_queries() {
  const Octets input{std::istreambuf_iterator<char>(std::cin), {}};
  std::vector<Octets> queries;
  for (std::size_t at = 0; at + 2 <= input.size();) {
    const std::size_t size = static_cast<std::size_t>(input[at]) << 8 | input[at + 1];
    if (at + 2 + size > input.size()) give_up("the file of queries is cut off");
    const auto begin = input.begin() + static_cast<std::ptrdiff_t>(at + 2);
    queries.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
    at += 2 + size;
  }
  if (queries.empty()) give_up("no queries to begin with");
  return queries;
}

class Garbage {
 public:
  Garbage(std::vector<Octets> queries, std::uint64_t seed)
      : queries_(std::move(queries)), random_(seed) {}

  // 40 % noise, 40 % noise behind a header that makes sense, 20 % queries with damage.
  Octets next() {
    const std::size_t kind = below(10);
    if (kind < 4) return noise(below(kMaxGarbage));
    if (kind < 8) return noise_behind_a_header();
    return damaged_query();
  }
  const Octets& query() { return queries_[below(queries_.size())]; }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::uint8_t octet() { return static_cast<std::uint8_t>(random_()); }

  Octets noise(std::size_t size) {
    Octets octets(size);
    std::ranges::generate(octets, [this] { return octet(); });
    return octets;
  }

  Octets noise_behind_a_header() {
    Octets octets = noise(12 + below(kMaxGarbage));
    octets[2] = below(8) == 0 ? octet() : 1;  // mostly a query that desires recursion
    octets[3] = 0;
    for (std::size_t i = 4; i < 12; ++i) octets[i] = 0;
    octets[5] = 1;
    for (std::size_t i = 7; i < 12; i += 2) octets[i] = static_cast<std::uint8_t>(below(3));
    return octets;
  }

  Octets damaged_query() {
    Octets octets = query();
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      switch (below(4)) {
        case 0:
          octets.resize(below(octets.size() + 1));
          break;
        case 1:
          octets.insert(octets.begin() + static_cast<std::ptrdiff_t>(below(octets.size() + 1)),
                        octet());
          break;
        default:
          if (!octets.empty()) octets[below(octets.size())] = octet();
      }
    }
    return octets;
  }

  std::vector<Octets> queries_;
  std::mt19937_64 random_;
};

class Socket {
 public:
  Socket(const char* address, int port) : fd_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    if (fd_ < 0 || ::inet_pton(AF_INET, address, &to.sin_addr) != 1) give_up("not an address");
    sockaddr any{};
    std::copy_n(reinterpret_cast<const char*>(&to), sizeof any, reinterpret_cast<char*>(&any));
    if (::connect(fd_, &any, sizeof to) != 0) give_up("cannot connect");
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { ::close(fd_); }

  void send(const Octets& octets) const {
    if (::send(fd_, octets.data(), octets.size(), 0) < 0) give_up("cannot send");
  }
  // The size of the next datagram, -1 if there is none in time.
  std::ptrdiff_t receive(int milliseconds) {
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, milliseconds) != 1) return -1;
    return ::recv(fd_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  }
  [[nodiscard]] const std::uint8_t* data() const { return buffer_.data(); }

 private:
  int fd_;
  std::array<std::uint8_t, 65536> buffer_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) give_up("ADDRESS PORT DATAGRAMS SEED");
  const auto total = std::strtoull(argv[3], nullptr, 10);
  Garbage garbage(read_queries(), std::strtoull(argv[4], nullptr, 10));
  const int port = std::atoi(argv[2]);
  Socket hostile(argv[1], port);
  Socket friendly(argv[1], port);
  std::uint64_t sent = 0;
  std::uint64_t valid = 0;
  std::uint64_t answered = 0;
  std::uint64_t replies = 0;  // to garbage
  std::uint16_t id = 0;
  while (sent < total) {
    for (int i = 0; i < kGarbagePerQuery && sent + 1 < total; ++i, ++sent) {
      hostile.send(garbage.next());
    }
    Octets query = garbage.query();
    ++id;
    query[0] = static_cast<std::uint8_t>(id >> 8);
    query[1] = static_cast<std::uint8_t>(id);
    friendly.send(query);
    ++sent;
    ++valid;
    // One worker answers in order: once this one is there, so are the replies to the garbage.
    if (friendly.receive(kPatience) >= 12 && friendly.data()[0] == query[0] &&
        friendly.data()[1] == query[1] && (friendly.data()[3] & 0xf) == 0) {
      ++answered;
    }
    while (hostile.receive(0) >= 0) ++replies;
  }
  std::printf("sent %ju\nvalid %ju\nanswered %ju\nreplies %ju\n", std::uintmax_t{sent},
              std::uintmax_t{valid}, std::uintmax_t{answered}, std::uintmax_t{replies});
  return valid == answered ? 0 : 1;
}
