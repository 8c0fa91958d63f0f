// TLS as a probe speaks it: 1.2 or later, the certificate verified unless the check says otherwise.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <map>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "health/check.h"
#include "health/probes/outcome.h"

namespace probes {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

// One context for each trust store, made at first use and kept. A file that could not be read is
// tried again the next time.
//
// Threads: one.
class TlsContexts {
 public:
  // The context, or for people why there is none. `ca_file` empty: the system's trust store.
  [[nodiscard]] tl::expected<std::shared_ptr<boost::asio::ssl::context>, std::string> get(
      bool verify, const std::string& ca_file);

 private:
  std::map<std::pair<bool, std::string>, std::shared_ptr<boost::asio::ssl::context>> made_;
};

// The client's side of the handshake over a connected socket. SNI is `host` when it is a name
// (RFC 6066 3 allows no addresses); the certificate must be for `host`, name or address.
boost::asio::awaitable<Outcome> handshake(TlsStream& stream, std::string host, bool verify);

// What an error of a TLS stream means. From TLS 1.3 on a server's refusal of the handshake arrives
// only with the first read after it (RFC 8446 4.4.2.4, 6.2).
[[nodiscard]] Outcome tls_failure(const boost::system::error_code& error);

}  // namespace probes
