#include "health/probes/tls_contexts.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/verify_mode.hpp>
#include <functional>
#include <utility>

#include "health/probes/outcome.h"

namespace probes {
namespace {

using asio_context = boost::asio::ssl::context;
using boost::system::error_code;
using health::TlsSpec;
using health::TlsVersion;
using Problem = std::string;  // empty: none

constexpr std::size_t kPathShown = 200;

int number_of(TlsVersion version) noexcept {
  switch (version) {
    case TlsVersion::Tls10:
      return TLS1_VERSION;
    case TlsVersion::Tls12:
      return TLS1_2_VERSION;
    case TlsVersion::Tls13:
      return TLS1_3_VERSION;
  }
  return TLS1_2_VERSION;
}

// 1.0 and 1.1 sign with SHA-1, which OpenSSL allows at its lowest level of security alone.
void set_versions(SSL_CTX* context, TlsVersion least) {
  SSL_CTX_set_min_proto_version(context, number_of(least));
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);  // one handshake, one judgment
  if (least == TlsVersion::Tls10) SSL_CTX_set_security_level(context, 0);
}

Problem load_trust(asio_context& context, const TlsSpec& spec) {
  error_code error;
  context.set_verify_mode(
      spec.verify ? boost::asio::ssl::verify_peer : boost::asio::ssl::verify_none, error);
  if (!spec.verify) return {};
  if (spec.ca_file.empty()) {
    context.set_default_verify_paths(error);
  } else {
    context.load_verify_file(spec.ca_file, error);
  }
  if (!error) return {};
  const std::string store =
      spec.ca_file.empty() ? "the system's trust store" : printable(spec.ca_file, kPathShown);
  return "cannot read " + store + ": " + printable(error.message());
}

// Nobody is there to type a passphrase.
int no_passphrase(char*, int, int, void*) { return -1; }

std::string latest_error() {
  const unsigned long number = ERR_peek_error();
  ERR_clear_error();
  const char* const text = ERR_reason_error_string(number);
  return text != nullptr ? printable(text) : "unknown error";
}

Problem load_own_certificate(SSL_CTX* context, const TlsSpec& spec) {
  if (spec.certificate_file.empty()) return {};
  ERR_clear_error();
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(context, spec.certificate_file.c_str()) != 1)
    return "cannot use the certificate in " + printable(spec.certificate_file, kPathShown) + ": " +
           latest_error();
  const std::string& key = spec.key_file.empty() ? spec.certificate_file : spec.key_file;
  // A key that does not belong to the certificate is refused here, too.
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return "cannot use the key in " + printable(key, kPathShown) + ": " + latest_error();
  return {};
}

}  // namespace

tl::expected<TlsContexts::Context, std::string> TlsContexts::get(const TlsSpec& spec) {
  static const std::string kNone;
  const std::string& ca_file = spec.verify ? spec.ca_file : kNone;
  const auto found = made_.find(
      std::tie(spec.verify, ca_file, spec.min_version, spec.certificate_file, spec.key_file));
  if (found != made_.end()) return found->second;

  auto made = std::make_shared<asio_context>(asio_context::tls_client);
  set_versions(made->native_handle(), spec.min_version);
  Problem problem = load_trust(*made, spec);
  if (problem.empty()) problem = load_own_certificate(made->native_handle(), spec);
  if (!problem.empty()) return tl::make_unexpected(std::move(problem));
  made_.emplace(Key(spec.verify, ca_file, spec.min_version, spec.certificate_file, spec.key_file),
                made);
  return made;
}

}  // namespace probes
