#include "server/hooks/post.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "health/probes/deadline.h"
#include "health/probes/outcome.h"

namespace hooks {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::address;
using asio::ip::tcp;
using boost::system::error_code;
using probes::Deadline;
using probes::printable;
using Tls = asio::ssl::stream<tcp::socket&>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxHeader = 16 * 1024;  // octets of a reply; its body is not read
constexpr int kMaxInterim = 4;                 // 1xx replies before the final one

std::optional<address> literal_of(const std::string& host) {
  error_code error;
  const address result = asio::ip::make_address(host, error);
  return error ? std::nullopt : std::optional(result);
}

std::string clause_of(const error_code& error) { return printable(error.message()); }

// SNI holds names alone (RFC 6066 3).
bool expect_peer(SSL* connection, std::string host, bool verify) {
  const bool is_address = literal_of(host).has_value();
  if (host.ends_with('.')) host.pop_back();
  // The function behind the macro SSL_set_tlsext_host_name, which takes the name as void*.
  if (!is_address && SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                              host.data()) != 1) {
    return false;
  }
  if (!verify) return true;
  X509_VERIFY_PARAM* parameters = SSL_get0_param(connection);
  if (is_address) return X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()) == 1;
}

asio::awaitable<std::string> shake_hands(Tls& stream, std::string host, bool verify) {
  SSL* connection = stream.native_handle();
  if (!expect_peer(connection, host, verify)) co_return "its host is no name for TLS";
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, kAwait);
  if (!error) co_return "";
  const long finding = SSL_get_verify_result(connection);
  if (verify && finding != X509_V_OK) {
    co_return std::string("its certificate: ") + X509_verify_cert_error_string(finding);
  }
  co_return "TLS: " + clause_of(error);
}

std::string verdict_on(unsigned status) {
  if (status / 100 == 2) return {};
  const std::string text = "HTTP " + std::to_string(status);
  return status / 100 == 3 ? text + ", and redirects are not followed" : text;
}

template <typename Stream>
asio::awaitable<std::string> send_and_hear(Stream& stream, const Message& message) {
  const auto [unsent, sent] = co_await http::async_write(stream, message, kAwait);
  if (unsent) co_return clause_of(unsent);
  boost::beast::flat_buffer buffer(kMaxHeader);
  for (int i = 0; i <= kMaxInterim; ++i) {
    http::response_parser<http::empty_body> parser;
    parser.header_limit(kMaxHeader);
    const auto [unread, size] = co_await http::async_read_header(stream, buffer, parser, kAwait);
    if (unread) co_return clause_of(unread);
    const unsigned status = parser.get().result_int();
    if (status / 100 != 1) co_return verdict_on(status);
  }
  co_return "no final answer";
}

asio::awaitable<std::string> converse(tcp::socket& socket, tcp::endpoint peer, Posting& posting) {
  const auto [refused] = co_await socket.async_connect(peer, kAwait);
  if (refused) co_return clause_of(refused);
  if (posting.tls == nullptr) co_return co_await send_and_hear(socket, posting.message);
  Tls stream(socket, *posting.tls);
  std::string fault = co_await shake_hands(stream, posting.place.host, posting.verify);
  if (!fault.empty()) co_return fault;
  co_return co_await send_and_hear(stream, posting.message);
}

}  // namespace

tl::expected<TlsContext, std::string> make_tls_context(const config::HookOptions& hook) {
  auto made = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
  error_code error;
  made->set_verify_mode(hook.verify ? asio::ssl::verify_peer : asio::ssl::verify_none, error);
  if (!error && hook.verify && hook.ca_file.empty()) made->set_default_verify_paths(error);
  if (!error && hook.verify && !hook.ca_file.empty()) made->load_verify_file(hook.ca_file, error);
  if (!error) return made;
  const std::string file = hook.ca_file.empty() ? "the system's trust store" : hook.ca_file;
  return tl::unexpected("cannot read " + printable(file, 200) + ": " + clause_of(error));
}

void Line::cut() {
  is_cut = true;
  error_code ignored;
  socket.close(ignored);
}

asio::awaitable<std::string> post_message(std::shared_ptr<Line> line,
                                          std::shared_ptr<probes::Resolver> resolver,
                                          Posting posting) {
  const health::Instant now = std::chrono::steady_clock::now();
  Deadline deadline(co_await asio::this_coro::executor, now + posting.timeout);
  const std::string late = "no answer within " + probes::to_text(posting.timeout);
  std::optional<address> where = literal_of(posting.place.host);
  if (!where) where = co_await resolver->resolve(posting.place.host, now, deadline);
  if (deadline.has_passed()) co_return late;
  if (!where) co_return "its host does not resolve";
  if (line->is_cut) co_return "cut off";
  const std::function<void()> cut = [line] { line->cut(); };
  const Deadline::Guard guard = deadline.cut_with(cut);
  std::string fault =
      co_await converse(line->socket, tcp::endpoint(*where, posting.place.port), posting);
  co_return !fault.empty() && deadline.has_passed() ? late : fault;
}

}  // namespace hooks
