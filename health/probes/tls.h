// TLS as a probe speaks it: the certificate verified unless the check says otherwise.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "health/check.h"
#include "health/probes/outcome.h"

namespace probes {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

// The name for SNI and the certificate: TlsSpec::name, or the host without its port, or the dialled
// address; without a final dot, which neither has (RFC 6066 3).
[[nodiscard]] std::string server_name_of(const health::Target& target);

// The client's side of the handshake over a connected socket. SNI is the server name when it is no
// address (RFC 6066 3); the certificate must be for it, its key one of those pinned, and it must
// last. `certificate_ends` is set whenever a certificate was seen.
//
// Requires: stream, target and `certificate_ends` outlive the operation.
boost::asio::awaitable<Outcome> handshake(TlsStream& stream, const health::Target& target,
                                          std::optional<std::int64_t>& certificate_ends);

// What an error of a TLS stream means. From TLS 1.3 on a server's refusal of the handshake arrives
// only with the first read after it (RFC 8446 4.4.2.4, 6.2).
[[nodiscard]] Outcome tls_failure(const boost::system::error_code& error);

}  // namespace probes
