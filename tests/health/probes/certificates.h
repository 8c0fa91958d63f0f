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

// A certification authority of its own.
class Authority {
 public:
  Authority();

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
