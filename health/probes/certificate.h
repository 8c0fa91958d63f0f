// What a certificate says, as far as probes look at it.
#pragma once

#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "health/check.h"
#include "health/probes/outcome.h"

namespace probes {

struct FreeX509 {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
using CertificateHolder = std::unique_ptr<X509, FreeX509>;

// Seconds since 1970 at which it ends.
[[nodiscard]] std::optional<std::int64_t> end_of(const X509* certificate);

// SHA-256 of its SubjectPublicKeyInfo, 32 octets: what Identity::spki pins (RFC 7469 2.4).
[[nodiscard]] std::string key_hash(const X509* certificate);

// "certificate is for a.example, b.example, not c.example"
[[nodiscard]] std::string name_mismatch_text(const X509* leaf, const std::string& host);

// Whether its key is one of those pinned, and whether it lasts long enough. `now`: seconds since
// 1970.
[[nodiscard]] Outcome judge_certificate(const health::CheckSpec& check, const X509* leaf,
                                        std::int64_t now);

}  // namespace probes
