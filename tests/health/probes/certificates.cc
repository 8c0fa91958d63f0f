#include "certificates.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace probes {
namespace {

namespace ssl = boost::asio::ssl;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(what);
}

Key make_key() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  require(key != nullptr, "EVP_PKEY_Q_keygen");
  return key;
}

const unsigned char* octets_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void add_name(GENERAL_NAMES* names, int type, const std::string& octets) {
  ASN1_STRING* value =
      ASN1_STRING_type_new(type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
  ASN1_STRING_set(value, octets.data(), static_cast<int>(octets.size()));
  GENERAL_NAME* name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, type, value);
  sk_GENERAL_NAME_push(names, name);
}

void add_alternative_names(X509* certificate, const Identity& identity) {
  if (identity.names.empty() && identity.addresses.empty()) return;
  GENERAL_NAMES* names = GENERAL_NAMES_new();
  for (const std::string& each : identity.names) add_name(names, GEN_DNS, each);
  for (const std::string& each : identity.addresses) add_name(names, GEN_IPADD, each);
  require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0) == 1, "names");
  GENERAL_NAMES_free(names);
}

Certificate make_certificate(const Identity& identity, EVP_PKEY* key) {
  static long serial = 0;
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), identity.valid_from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), identity.valid_until);
  X509_set_pubkey(made.get(), key);
  if (!identity.common_name.empty()) {
    X509_NAME_add_entry_by_NID(X509_get_subject_name(made.get()), NID_commonName, MBSTRING_UTF8,
                               octets_of(identity.common_name),
                               static_cast<int>(identity.common_name.size()), -1, 0);
  }
  add_alternative_names(made.get(), identity);
  return made;
}

void mark_as_authority(X509* certificate) {
  BASIC_CONSTRAINTS* constraints = BASIC_CONSTRAINTS_new();
  constraints->ca = 0xff;
  require(X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints, 1, 0) == 1,
          "basic constraints");
  BASIC_CONSTRAINTS_free(constraints);
}

void sign(X509* certificate, const X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  require(X509_sign(certificate, issuer_key, EVP_sha256()) > 0, "X509_sign");
}

using Memory = std::unique_ptr<BIO, int (*)(BIO*)>;

Memory make_memory() { return {BIO_new(BIO_s_mem()), BIO_free}; }

std::string content_of(const Memory& memory) {
  std::string text(BIO_ctrl_pending(memory.get()), '\0');
  BIO_read(memory.get(), text.data(), static_cast<int>(text.size()));
  return text;
}

std::string pem_of(X509* certificate) {
  const Memory memory = make_memory();
  require(PEM_write_bio_X509(memory.get(), certificate) == 1, "PEM_write_bio_X509");
  return content_of(memory);
}

}  // namespace

Authority::Authority() : key_(make_key()) {
  Identity identity;
  identity.common_name = "test authority";
  identity.valid_from = -100 * 86400;
  certificate_ = make_certificate(identity, key_.get());
  mark_as_authority(certificate_.get());
  sign(certificate_.get(), certificate_.get(), key_.get());
}

std::string Issued::certificate_pem() const { return pem_of(certificate.get()); }

std::string Issued::key_pem(const std::string& passphrase) const {
  const Memory memory = make_memory();
  const EVP_CIPHER* const cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  require(PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), cipher, passphrase.data(),
                                        static_cast<int>(passphrase.size()), nullptr, nullptr) == 1,
          "PEM_write_bio_PKCS8PrivateKey");
  return content_of(memory);
}

std::string Issued::pin() const {
  const Memory memory = make_memory();
  require(i2d_PUBKEY_bio(memory.get(), key.get()) == 1, "i2d_PUBKEY_bio");
  const std::string encoded = content_of(memory);
  std::string hash(32, '\0');
  require(EVP_Digest(encoded.data(), encoded.size(), reinterpret_cast<unsigned char*>(hash.data()),
                     nullptr, EVP_sha256(), nullptr) == 1,
          "EVP_Digest");
  return hash;
}

std::shared_ptr<ssl::context> Issued::server() const {
  auto settings = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = settings->native_handle();
  require(SSL_CTX_use_certificate(native, certificate.get()) == 1, "use certificate");
  require(SSL_CTX_use_PrivateKey(native, key.get()) == 1, "use key");
  return settings;
}

Issued Authority::issue(const Identity& identity) const {
  Issued issued;
  issued.key = make_key();
  issued.certificate = make_certificate(identity, issued.key.get());
  sign(issued.certificate.get(), certificate_.get(), key_.get());
  return issued;
}

std::shared_ptr<ssl::context> Authority::server(const Identity& identity) const {
  return issue(identity).server();
}

std::string Authority::pem() const { return pem_of(certificate_.get()); }

std::shared_ptr<ssl::context> self_signed_server(const Identity& identity) {
  Issued issued;
  issued.key = make_key();
  issued.certificate = make_certificate(identity, issued.key.get());
  sign(issued.certificate.get(), issued.certificate.get(), issued.key.get());
  return issued.server();
}

TemporaryFile::TemporaryFile(const std::string& content)
    : path_((std::filesystem::temp_directory_path() / "fairlead-test-XXXXXX").string()) {
  const int file = mkstemp(path_.data());
  require(file >= 0, "mkstemp");
  const bool written =
      write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  close(file);
  require(written, "write");
}

TemporaryFile::~TemporaryFile() { unlink(path_.c_str()); }

}  // namespace probes
