#include "health/probes/probe.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "health/probes/http_answer.h"
#include "health/probes/outcome.h"
#include "health/probes/tls.h"

namespace probes {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using health::Observation;
using health::ProbeType;
using health::Reason;
using std::chrono::steady_clock;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

// A peer that ends TLS without saying so has ended the answer all the same.
bool is_end(const error_code& error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

// Asks and reads over TCP or TLS. The stream and the target live in the caller's frame.
template <typename Stream>
asio::awaitable<Outcome> exchange(Stream& stream, const health::Target& target) {
  const std::string request = request_text(target);
  if (request.empty())
    co_return Outcome{Reason::Protocol, "path or host holds a space or a control character"};
  const auto [write_error, written] =
      co_await asio::async_write(stream, asio::buffer(request), kAsTuple);
  if (write_error) co_return tls_failure(write_error);

  HttpAnswer answer(target.check);
  std::array<char, 4096> octets;
  for (;;) {
    const auto [error, count] = co_await stream.async_read_some(asio::buffer(octets), kAsTuple);
    std::optional<Outcome> outcome = answer.feed({octets.data(), count});
    if (outcome) co_return *std::move(outcome);
    if (is_end(error)) co_return answer.end();
    if (error) co_return tls_failure(error);
  }
}

asio::awaitable<Outcome> exchange_over_tls(tcp::socket socket, const health::Target& target,
                                           std::shared_ptr<TlsContexts> contexts) {
  const auto context = contexts->get(target.check.verify, target.check.ca_file);
  if (!context) co_return Outcome{Reason::Resource, context.error()};
  TlsStream stream(std::move(socket), **context);
  Outcome outcome = co_await handshake(stream, host_of(target), target.check.verify);
  if (!outcome.passed()) co_return outcome;
  co_return co_await exchange(stream, target);
}

asio::awaitable<Outcome> attempt(health::Target target, std::shared_ptr<TlsContexts> tls) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(target.address, error);
  if (error)
    co_return Outcome{Reason::Resource, "\"" + printable(target.address) + "\" is no address"};
  const tcp::endpoint endpoint(address, target.check.port);
  tcp::socket socket(co_await asio::this_coro::executor);
  socket.open(endpoint.protocol(), error);
  if (error) co_return failure_of(error);
  const auto [connect_error] = co_await socket.async_connect(endpoint, kAsTuple);
  if (connect_error) co_return failure_of(connect_error);
  if (target.check.type == ProbeType::Tcp) co_return Outcome{};
  if (target.check.type == ProbeType::Http) co_return co_await exchange(socket, target);
  co_return co_await exchange_over_tls(std::move(socket), target, std::move(tls));
}

// Exceptions here are ours: no memory, or a cancelled attempt that nobody waits for.
asio::awaitable<Outcome> attempt_or_say_why(health::Target target,
                                            std::shared_ptr<TlsContexts> tls) {
  try {
    co_return co_await attempt(std::move(target), std::move(tls));
  } catch (const std::exception& problem) {
    co_return Outcome{Reason::Resource, printable(problem.what())};
  }
}

std::string duration_text(health::Duration duration) {
  const auto count = duration.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms";
}

}  // namespace

asio::awaitable<Observation> probe(health::Target target, std::shared_ptr<TlsContexts> tls) {
  using asio::experimental::awaitable_operators::operator||;
  const health::Instant started = steady_clock::now();
  const health::Duration timeout = target.check.timeout;
  asio::steady_timer deadline(co_await asio::this_coro::executor, started + timeout);
  std::variant<Outcome, std::monostate> first =
      co_await (attempt_or_say_why(std::move(target), std::move(tls)) ||
                deadline.async_wait(asio::use_awaitable));
  const auto took = std::chrono::duration_cast<health::Duration>(steady_clock::now() - started);
  Outcome outcome{Reason::Timeout, "no answer within " + duration_text(timeout)};
  if (first.index() == 0) outcome = std::get<Outcome>(std::move(first));
  co_return Observation{outcome.passed(), outcome.reason, std::move(outcome.detail), started, took};
}

}  // namespace probes
