#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "health/probes/attempt.h"
#include "health/probes/dns_exchange.h"
#include "health/probes/socket_errors.h"

namespace probes {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;
using health::Reason;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

std::uint16_t random_id() {
  std::array<std::uint8_t, 2> octets{};
  RAND_bytes(octets.data(), static_cast<int>(octets.size()));
  return dnswire::load16(octets.data());
}

// Connected: the kernel keeps answers from others away, and tells of a closed port.
error_code open_udp(udp::socket& socket, const udp::endpoint& endpoint) {
  error_code error;
  socket.open(endpoint.protocol(), error);
  if (error) return error;
  report_unreachable(socket.native_handle(), endpoint.address().is_v6());
  socket.connect(endpoint, error);
  return error;
}

// Sends the question and reads what comes, up to an answer to it. None: interrupted.
asio::awaitable<std::optional<Outcome>> ask(udp::socket& socket, const DnsExchange& exchange) {
  const auto [send_error, sent] =
      co_await socket.async_send(asio::buffer(exchange.query()), kAsTuple);
  if (send_error) co_return failure_of(send_error);
  std::array<std::uint8_t, 4096> octets;  // more than we say that we take
  for (;;) {
    const auto [error, count] = co_await socket.async_receive(asio::buffer(octets), kAsTuple);
    if (error == asio::error::operation_aborted) co_return std::nullopt;
    if (error) co_return failure_of(error);
    std::optional<Outcome> outcome = exchange.judge(dnswire::Bytes(octets).first(count));
    if (outcome) co_return outcome;
  }
}

}  // namespace

asio::awaitable<Outcome> probe_dns(Attempt& attempt) {
  const health::CheckSpec& check = attempt.target.check;
  const auto exchange = DnsExchange::make(check.dns, random_id());
  if (!exchange) co_return Outcome{Reason::Resource, exchange.error()};
  const auto executor = co_await asio::this_coro::executor;
  udp::socket socket(executor);
  if (const error_code error = open_udp(socket, {attempt.address, check.port}))
    co_return failure_of(error);
  const std::function<void()> close = [&socket] {
    error_code ignored;
    socket.close(ignored);
  };
  const Deadline::Guard guard = attempt.deadline.cut_with(close);
  // A datagram may be lost: at half time the question is asked once more, by the same id, so that
  // an answer to either counts.
  Deadline half_time(executor, std::chrono::steady_clock::now() + check.timeout / 2);
  const std::function<void()> interrupt = [&socket] {
    error_code ignored;
    socket.cancel(ignored);
  };
  const Deadline::Guard half_guard = half_time.cut_with(interrupt);
  std::optional<Outcome> outcome = co_await ask(socket, *exchange);
  if (!outcome && half_time.has_passed()) outcome = co_await ask(socket, *exchange);
  if (!outcome) co_return Outcome{Reason::Timeout, "interrupted"};
  co_return *std::move(outcome);
}

}  // namespace probes
