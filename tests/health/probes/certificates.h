// Certificates made on the spot, for servers inside the test process.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <vector>

namespace probes {

struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

// What a server certificate says. Validity is in seconds from now.
struct Identity {
  std::vector<std::string> names;      // subject alternative names of type DNS
  std::vector<std::string> addresses;  // 4 or 16 octets each
  std::string common_name;             // none when empty
  long valid_from = -3600;
  long valid_until = 3600;
};

// A certificate and the key that belongs to it.
struct Issued {
  Certificate certificate;
  Key key;

  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] std::string key_pem(const std::string& passphrase = "") const;
  // What a pin holds: SHA-256 of the public key.
  [[nodiscard]] std::string pin() const;
  // Settings of a TLS server that shows it.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> server() const;
};

// A certification authority of its own.
class Authority {
 public:
  Authority();

  [[nodiscard]] Issued issue(const Identity& identity) const;
  // Settings of a TLS server that shows a certificate issued by this authority.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> server(const Identity& identity) const;
  [[nodiscard]] std::string pem() const;

 private:
  Key key_;
  Certificate certificate_;
};

// Settings of a TLS server whose certificate is signed by its own key.
[[nodiscard]] std::shared_ptr<boost::asio::ssl::context> self_signed_server(
    const Identity& identity);

// A file that is gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace probes
