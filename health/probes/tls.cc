#include "health/probes/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <string_view>

#include "health/probes/certificate.h"
#include "health/probes/http_request.h"

namespace probes {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using health::Reason;
using health::TlsVersion;

// What verification stumbled over first; the certificate is not to be had from the connection
// after a failed handshake.
struct Finding {
  int error = X509_V_OK;
  CertificateHolder leaf;
};

Reason reason_of(int verify_error) {
  switch (verify_error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return Reason::TlsName;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Reason::TlsExpired;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_INVALID_CA:
      return Reason::TlsUntrusted;
    default:
      return Reason::TlsHandshake;
  }
}

Outcome failure_of_certificate(const Finding& finding, const std::string& host) {
  const Reason reason = reason_of(finding.error);
  if (reason == Reason::TlsName) return {reason, name_mismatch_text(finding.leaf.get(), host)};
  return {reason, std::string("certificate: ") + X509_verify_cert_error_string(finding.error)};
}

bool is_address(const std::string& host) {
  error_code error;
  return asio::ip::make_address(host, error), !error;
}

bool send_server_name(SSL* connection, std::string host) {
  // The function behind the macro SSL_set_tlsext_host_name, which takes the name as void*.
  return SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  host.data()) == 1;
}

bool expect_name(SSL* connection, const std::string& host) {
  X509_VERIFY_PARAM* parameters = SSL_get0_param(connection);
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()) == 1;
}

void note(Finding& finding, X509_STORE_CTX* store) {
  finding.error = X509_STORE_CTX_get_error(store);
  X509* leaf = X509_STORE_CTX_get0_cert(store);
  if (leaf != nullptr) X509_up_ref(leaf);
  finding.leaf.reset(leaf);
}

bool prepare(TlsStream& stream, const std::string& host, bool verify, Finding& finding) {
  SSL* connection = stream.native_handle();
  if (!is_address(host) && !send_server_name(connection, host)) return false;
  if (!verify) return true;
  error_code error;
  stream.set_verify_callback(
      [&finding](bool sound, asio::ssl::verify_context& verifying) {
        if (!sound) note(finding, verifying.native_handle());
        return sound;
      },
      error);
  return !error && expect_name(connection, host);
}

// The peer said so, or answered with a version that is too low.
bool is_of_version(const error_code& error) {
  if (error.category() != asio::error::get_ssl_category()) return false;
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  return reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
         reason == SSL_R_VERSION_TOO_LOW || reason == SSL_R_WRONG_SSL_VERSION;
}

std::string_view text_of(TlsVersion version) noexcept {
  switch (version) {
    case TlsVersion::Tls10:
      return "1.0";
    case TlsVersion::Tls12:
      return "1.2";
    case TlsVersion::Tls13:
      return "1.3";
  }
  return "1.2";
}

// Only of the handshake: later the version has been agreed on.
Outcome handshake_failure(const error_code& error, TlsVersion least) {
  if (!is_of_version(error)) return tls_failure(error);
  return {Reason::TlsHandshake, "the server does not speak TLS " + std::string(text_of(least)) +
                                    (least == TlsVersion::Tls13 ? "" : " or later")};
}

std::int64_t wall_clock_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

// One colon, and digits behind it.
std::string without_port(const std::string& host) {
  const std::size_t colon = host.rfind(':');
  if (colon == std::string::npos || is_address(host)) return host;
  const std::string name = host.substr(0, colon);
  return name.starts_with('[') && name.ends_with(']') ? name.substr(1, name.size() - 2) : name;
}

}  // namespace

std::string server_name_of(const health::Target& target) {
  std::string name = target.check.tls.name;
  if (name.empty()) name = without_port(host_of(target));
  if (name.ends_with('.')) name.pop_back();
  return name;
}

Outcome tls_failure(const error_code& error) {
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
    return {Reason::TlsHandshake, "connection closed during the TLS handshake"};
  if (error.category() == asio::error::get_system_category()) return failure_of(error);
  return {Reason::TlsHandshake, "TLS: " + printable(error.message())};
}

asio::awaitable<Outcome> handshake(TlsStream& stream, const health::Target& target,
                                   std::optional<std::int64_t>& certificate_ends) {
  const health::TlsSpec& spec = target.check.tls;
  const std::string name = server_name_of(target);
  Finding finding;
  if (!prepare(stream, name, spec.verify, finding))
    co_return Outcome{Reason::TlsHandshake, "\"" + printable(name) + "\" is no name for TLS"};
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client,
                                                       asio::as_tuple(asio::use_awaitable));
  const X509* const leaf =
      error ? finding.leaf.get() : SSL_get0_peer_certificate(stream.native_handle());
  if (leaf != nullptr) certificate_ends = end_of(leaf);
  if (error && finding.error != X509_V_OK) co_return failure_of_certificate(finding, name);
  if (error) co_return handshake_failure(error, spec.min_version);
  if (leaf == nullptr) co_return Outcome{Reason::TlsHandshake, "the server has no certificate"};
  co_return judge_certificate(target.check, leaf, wall_clock_now());
}

}  // namespace probes
