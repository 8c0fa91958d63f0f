#include "health/probes/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <vector>

namespace probes {
namespace {

namespace asio = boost::asio;
using asio::ssl::context;
using boost::system::error_code;
using health::Reason;

template <typename T, void (*release)(T*)>
struct Releaser {
  void operator()(T* object) const noexcept { release(object); }
};
using Certificate = std::unique_ptr<X509, Releaser<X509, X509_free>>;
using GeneralNames = std::unique_ptr<GENERAL_NAMES, Releaser<GENERAL_NAMES, GENERAL_NAMES_free>>;

// What verification stumbled over first; the certificate is not to be had from the connection
// after a failed handshake.
struct Finding {
  int error = X509_V_OK;
  Certificate leaf;
};

void load_trust(context& made, const std::string& ca_file, error_code& error) {
  if (ca_file.empty()) {
    made.set_default_verify_paths(error);
  } else {
    made.load_verify_file(ca_file, error);
  }
}

std::string text_of(const ASN1_STRING* text) {
  const auto* data = ASN1_STRING_get0_data(text);
  return {data, data + ASN1_STRING_length(text)};
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  std::string octets = text_of(address);
  if (octets.size() == 4) {
    asio::ip::address_v4::bytes_type bytes{};
    std::copy(octets.begin(), octets.end(), bytes.begin());
    return asio::ip::make_address_v4(bytes).to_string();
  }
  if (octets.size() == 16) {
    asio::ip::address_v6::bytes_type bytes{};
    std::copy(octets.begin(), octets.end(), bytes.begin());
    return asio::ip::make_address_v6(bytes).to_string();
  }
  return octets;
}

std::string common_name(const X509* leaf) {
  const X509_NAME* subject = X509_get_subject_name(leaf);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
}

// The names that a client may compare with (RFC 6125 6.4); the common name where there are none.
std::vector<std::string> names_of(const X509* leaf) {
  std::vector<std::string> names;
  const GeneralNames found(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(found.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(found.get(), i);
    if (name->type == GEN_DNS) names.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) names.push_back(address_text(name->d.iPAddress));
  }
  if (names.empty()) names.push_back(common_name(leaf));
  return names;
}

std::string name_mismatch_text(const X509* leaf, const std::string& host) {
  constexpr std::size_t kShown = 3;
  const std::vector<std::string> names =
      leaf != nullptr ? names_of(leaf) : std::vector<std::string>{};
  std::string text = "certificate is for ";
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i)
    text += (i == 0 ? "" : ", ") + printable(names[i]);
  if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
  return text + ", not " + printable(host);
}

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

}  // namespace

Outcome tls_failure(const error_code& error) {
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
    return {Reason::TlsHandshake, "connection closed during the TLS handshake"};
  if (error.category() == asio::error::get_system_category()) return failure_of(error);
  return {Reason::TlsHandshake, "TLS: " + printable(error.message())};
}

tl::expected<std::shared_ptr<context>, std::string> TlsContexts::get(bool verify,
                                                                     const std::string& ca_file) {
  const std::pair key(verify, verify ? ca_file : std::string());
  if (const auto found = made_.find(key); found != made_.end()) return found->second;
  auto made = std::make_shared<context>(context::tls_client);
  SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
  error_code error;
  made->set_verify_mode(verify ? asio::ssl::verify_peer : asio::ssl::verify_none, error);
  if (!error && verify) load_trust(*made, ca_file, error);
  if (error) {
    const std::string file = ca_file.empty() ? "the system's trust store" : printable(ca_file, 200);
    return tl::make_unexpected("cannot read " + file + ": " + printable(error.message()));
  }
  made_.emplace(key, made);
  return made;
}

asio::awaitable<Outcome> handshake(TlsStream& stream, std::string host, bool verify) {
  // An absolute name is written without its dot in certificates and in SNI (RFC 6066 3).
  if (host.ends_with('.')) host.pop_back();
  Finding finding;
  if (!prepare(stream, host, verify, finding))
    co_return Outcome{Reason::TlsHandshake, "\"" + printable(host) + "\" is no name for TLS"};
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client,
                                                       asio::as_tuple(asio::use_awaitable));
  if (!error) co_return Outcome{};
  if (finding.error != X509_V_OK) co_return failure_of_certificate(finding, host);
  co_return tls_failure(error);
}

}  // namespace probes
