#include <errno.h>
#include <openssl/rand.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/datagram_protocol.hpp>
#include <boost/asio/ip/icmp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <span>
#include <string>

#include "health/probes/attempt.h"
#include "health/probes/socket_errors.h"

namespace probes {
namespace {

namespace asio = boost::asio;
using Socket = asio::generic::datagram_protocol::socket;
using boost::system::error_code;
using health::Reason;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

// An echo message: type, code, checksum, identifier, sequence number, data (RFC 792, RFC 4443 4).
// The kernel fills in checksum and identifier, and hands us replies to our identifier alone.
constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kDataSize = 16;
using Echo = std::array<std::uint8_t, kHeaderSize + kDataSize>;

struct Types {
  std::uint8_t request;
  std::uint8_t reply;
};
constexpr Types kTypes4{8, 0};      // RFC 792
constexpr Types kTypes6{128, 129};  // RFC 4443 4.1, 4.2

// Sequence number and data are random: a reply shows them again.
Echo make_request(Types types) {
  Echo echo{};
  RAND_bytes(echo.data(), static_cast<int>(echo.size()));
  std::fill_n(echo.begin(), 6, std::uint8_t{0});
  echo[0] = types.request;
  return echo;
}

bool is_reply(std::span<const std::uint8_t> message, const Echo& request, Types types) {
  constexpr std::size_t kSequenceAt = 6;
  return message.size() == request.size() && message[0] == types.reply && message[1] == 0 &&
         std::equal(message.begin() + kSequenceAt, message.end(), request.begin() + kSequenceAt);
}

Outcome failure_to_open(int error) {
  if (error != EACCES && error != EPERM)
    return failure_of({error, boost::system::system_category()});
  return {Reason::Resource,
          "the kernel forbids ping sockets: the sysctl net.ipv4.ping_group_range must include the "
          "group of this process"};
}

// A socket for echo messages that needs no privilege, connected to the address.
Outcome open_ping(Socket& socket, const asio::ip::address& address) {
  const bool is_ipv6 = address.is_v6();
  const int family = is_ipv6 ? AF_INET6 : AF_INET;
  const int protocol = is_ipv6 ? int{IPPROTO_ICMPV6} : int{IPPROTO_ICMP};
  const int number = ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
  if (number < 0) return failure_to_open(errno);
  error_code error;
  socket.assign(asio::generic::datagram_protocol(family, protocol), number, error);
  if (error) {
    ::close(number);
    return failure_of(error);
  }
  report_unreachable(number, is_ipv6);
  socket.connect(asio::ip::icmp::endpoint(address, 0), error);
  return error ? failure_of(error) : Outcome{};
}

}  // namespace

asio::awaitable<Outcome> probe_icmp(Attempt& attempt) {
  Socket socket(co_await asio::this_coro::executor);
  Outcome opened = open_ping(socket, attempt.address);
  if (!opened.passed()) co_return opened;
  const std::function<void()> cut = [&socket] {
    error_code ignored;
    socket.close(ignored);
  };
  const Deadline::Guard guard = attempt.deadline.cut_with(cut);
  const Types types = attempt.address.is_v6() ? kTypes6 : kTypes4;
  const Echo request = make_request(types);
  const auto [send_error, sent] = co_await socket.async_send(asio::buffer(request), kAsTuple);
  if (send_error) co_return failure_of(send_error);
  for (;;) {
    std::array<std::uint8_t, 2 * std::tuple_size_v<Echo>> octets;
    const auto [error, count] = co_await socket.async_receive(asio::buffer(octets), kAsTuple);
    if (error) co_return failure_of(error);
    if (is_reply(std::span(octets).first(count), request, types)) co_return Outcome{};
  }
}

}  // namespace probes
