#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <utility>

#include "health/probes/attempt.h"
#include "health/probes/http_answer.h"
#include "health/probes/http_request.h"
#include "health/probes/tls.h"

namespace probes {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using health::ProbeType;
using health::Reason;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

// A peer that ends TLS without saying so has ended the answer all the same.
bool is_end(const error_code& error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

// However the socket is closed, it is closed by a reset, so that thousands of probes leave no
// connection in TIME_WAIT behind. Asio's own option would be undone by the socket's destructor.
void reset_on_close(tcp::socket& socket) {
  const linger at_once{1, 0};
  setsockopt(socket.native_handle(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

// Asks and reads over TCP or TLS.
template <typename Stream>
asio::awaitable<Outcome> exchange(Stream& stream, Attempt& attempt) {
  const health::CheckSpec& check = attempt.target.check;
  const std::string request = request_text(attempt.target);
  if (request.empty())
    co_return Outcome{Reason::Resource,
                      "method, path, host or a header holds a character that it must not"};
  std::shared_ptr<const re2::RE2> regex;
  if (!check.http.body_regex.empty()) regex = attempt.tools.regexes.get(check.http.body_regex);
  if (regex && !regex->ok())
    co_return Outcome{Reason::Resource, "body_regex: " + printable(regex->error())};

  const auto [write_error, written] =
      co_await asio::async_write(stream, asio::buffer(request), kAsTuple);
  if (write_error) co_return tls_failure(write_error);
  HttpAnswer answer(check, regex.get());
  std::array<char, 4096> octets;
  for (;;) {
    const auto [error, count] = co_await stream.async_read_some(asio::buffer(octets), kAsTuple);
    std::optional<Outcome> outcome = answer.feed({octets.data(), count});
    if (outcome) co_return *std::move(outcome);
    if (is_end(error)) co_return answer.end();
    if (error) co_return tls_failure(error);
  }
}

asio::awaitable<Outcome> speak_tls(tcp::socket& socket, Attempt& attempt) {
  const health::CheckSpec& check = attempt.target.check;
  const auto context = attempt.tools.tls.get(check.tls);
  if (!context) co_return Outcome{Reason::Resource, context.error()};
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);  // our last flight and the request go together
  TlsStream stream(std::move(socket), **context);
  const std::function<void()> cut = [&stream] {
    error_code error;
    stream.lowest_layer().close(error);
  };
  const Deadline::Guard guard = attempt.deadline.cut_with(cut);
  Outcome outcome = co_await handshake(stream, attempt.target, attempt.certificate_ends);
  if (!outcome.passed() || check.type == ProbeType::Tls) co_return outcome;
  co_return co_await exchange(stream, attempt);
}

}  // namespace

asio::awaitable<Outcome> probe_connection(Attempt& attempt) {
  const tcp::endpoint endpoint(attempt.address, attempt.target.check.port);
  const ProbeType type = attempt.target.check.type;
  tcp::socket socket(co_await asio::this_coro::executor);
  error_code error;
  socket.open(endpoint.protocol(), error);
  if (error) co_return failure_of(error);
  reset_on_close(socket);
  const std::function<void()> cut = [&socket] {
    error_code ignored;
    socket.close(ignored);
  };
  {
    const Deadline::Guard guard = attempt.deadline.cut_with(cut);
    const auto [connect_error] = co_await socket.async_connect(endpoint, kAsTuple);
    if (connect_error) co_return failure_of(connect_error);
    if (type == ProbeType::Tcp) co_return Outcome{};
    if (type == ProbeType::Http) co_return co_await exchange(socket, attempt);
  }
  co_return co_await speak_tls(socket, attempt);
}

}  // namespace probes
