#include "server/aliases/ask.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "health/probes/deadline.h"
#include "health/probes/outcome.h"
#include "health/probes/socket_errors.h"
#include "server/aliases/exchange.h"

namespace aliases {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;
using Reading = Exchange::Reading;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

std::uint16_t random_id() {
  std::array<std::uint8_t, 2> octets{};
  RAND_bytes(octets.data(), static_cast<int>(octets.size()));
  return dnswire::load16(octets.data());
}

asio::ip::address address_of(const Server& server) {
  const dnswire::Bytes octets = server.address.octets();
  if (server.address.family() == dnswire::Family::V4) {
    asio::ip::address_v4::bytes_type four;
    std::copy(octets.begin(), octets.end(), four.begin());
    return asio::ip::address_v4(four);
  }
  asio::ip::address_v6::bytes_type six;
  std::copy(octets.begin(), octets.end(), six.begin());
  return asio::ip::address_v6(six, server.interface);
}

Reading failure(std::string why) {
  Reading reading;
  reading.finding.why = std::move(why);
  return reading;
}
Reading failure(const error_code& error) { return failure(probes::failure_of(error).detail); }

// Connected: the kernel keeps answers from others away, and tells of a closed port. The port of our
// own is the kernel's choice, at random (RFC 5452 9.2).
error_code open(udp::socket& socket, const udp::endpoint& endpoint) {
  error_code error;
  socket.open(endpoint.protocol(), error);
  if (error) return error;
  probes::report_unreachable(socket.native_handle(), endpoint.address().is_v6());
  socket.connect(endpoint, error);
  return error;
}

asio::awaitable<Reading> ask_by_udp(std::shared_ptr<Line> line, const Exchange& exchange,
                                    udp::endpoint endpoint) {
  if (const error_code error = open(line->udp, endpoint)) co_return failure(error);
  const auto [send_error, sent] =
      co_await line->udp.async_send(asio::buffer(exchange.query()), kAsTuple);
  if (send_error) co_return failure(send_error);
  std::array<std::uint8_t, 4096> octets;  // more than we say that we take
  for (;;) {
    const auto [error, count] = co_await line->udp.async_receive(asio::buffer(octets), kAsTuple);
    if (error) co_return failure(error);
    std::optional<Reading> reading = exchange.read(dnswire::Bytes(octets).first(count));
    if (reading) co_return *std::move(reading);
  }
}

// RFC 7766 8: each message behind two octets with its size.
asio::awaitable<Reading> ask_by_tcp(std::shared_ptr<Line> line, const Exchange& exchange,
                                    tcp::endpoint endpoint) {
  const auto [connect_error] = co_await line->tcp.async_connect(endpoint, kAsTuple);
  if (connect_error) co_return failure(connect_error);
  std::vector<std::uint8_t> octets(2 + exchange.query().size());
  dnswire::store16(octets.data(), static_cast<std::uint16_t>(exchange.query().size()));
  std::ranges::copy(exchange.query(), octets.begin() + 2);
  const auto [write_error, written] =
      co_await asio::async_write(line->tcp, asio::buffer(octets), kAsTuple);
  if (write_error) co_return failure(write_error);
  std::array<std::uint8_t, 2> size;
  const auto [size_error, size_count] =
      co_await asio::async_read(line->tcp, asio::buffer(size), kAsTuple);
  if (size_error) co_return failure("no answer over TCP");
  octets.resize(dnswire::load16(size.data()));
  const auto [read_error, count] =
      co_await asio::async_read(line->tcp, asio::buffer(octets), kAsTuple);
  if (read_error) co_return failure("no answer over TCP");
  std::optional<Reading> reading = exchange.read(octets);
  if (!reading) co_return failure("something else over TCP");
  co_return *std::move(reading);
}

enum class Transport : std::uint8_t { Udp, Tcp };

asio::awaitable<Reading> ask_by(Transport transport, std::shared_ptr<Line> line,
                                const Exchange& exchange, Server server, Duration limit) {
  probes::Deadline deadline(co_await asio::this_coro::executor,
                            std::chrono::steady_clock::now() + limit);
  const std::function<void()> close = [&line] { line->close(); };
  const probes::Deadline::Guard guard = deadline.cut_with(close);
  Reading reading;
  if (transport == Transport::Udp) {
    reading = co_await ask_by_udp(line, exchange, {address_of(server), server.port});
  } else {
    reading = co_await ask_by_tcp(line, exchange, {address_of(server), server.port});
  }
  line->close();
  if (deadline.has_passed()) co_return failure("no answer");
  co_return reading;
}

}  // namespace

void Line::close() {
  error_code ignored;
  udp.close(ignored);
  tcp.close(ignored);
}

void Line::cut() {
  is_cut = true;
  close();
}

asio::awaitable<Finding> ask(std::shared_ptr<Line> line, Question question,
                             std::vector<Server> servers, std::size_t first, Duration one_try) {
  Finding told;
  for (std::size_t turn = 0; turn < servers.size() && !line->is_cut; ++turn) {
    const std::size_t by = (first + turn) % servers.size();
    const Server& server = servers[by];
    const Exchange exchange(question.name, question.family, random_id());
    Reading reading = co_await ask_by(Transport::Udp, line, exchange, server, one_try);
    if (reading.truncated && !line->is_cut) {
      reading = co_await ask_by(Transport::Tcp, line, exchange, server, one_try);
    }
    told = std::move(reading.finding);
    told.by = by;
    if (told.kind != Finding::Kind::Failure) co_return told;
    told.why += " from " + server.to_text();
  }
  co_return told;
}

}  // namespace aliases
