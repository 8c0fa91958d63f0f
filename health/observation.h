// What one probe found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "health/check.h"

namespace health {

// Why a probe failed; a closed list, used as a metric label.
enum class Reason : std::uint8_t {
  None,
  Refused,
  Timeout,
  Unreachable,  // also: a name to probe that does not resolve
  Reset,
  TlsHandshake,
  TlsName,
  TlsExpired,
  TlsUntrusted,
  Identity,  // somebody else answers at the endpoint's address
  Status,    // HTTP status, DNS RCODE
  Body,      // HTTP body, DNS answer
  Protocol,
  LeaseExpired,  // no heartbeat in time
  ExecStatus,
  Resource,  // ours: out of descriptors, say
};
inline constexpr std::size_t kReasonCount = 16;
[[nodiscard]] std::string_view to_text(Reason reason) noexcept;  // "tls_name"
[[nodiscard]] std::optional<Reason> reason_from_text(std::string_view text) noexcept;

// Nothing came back: what a dead uplink of our own looks like, too. Any other failure is an answer,
// and an answer shows that the network works.
[[nodiscard]] constexpr bool is_silence(Reason reason) noexcept {
  return reason == Reason::Timeout || reason == Reason::Unreachable ||
         reason == Reason::LeaseExpired;
}

struct Observation {
  bool passed = false;
  Reason reason = Reason::None;  // None when passed
  std::string detail;            // for people: "HTTP 503, wanted 200-299"
  Instant started{};
  Duration took{};
  // When the certificate that was shown ends; seconds since 1970, absent without a certificate.
  std::optional<std::int64_t> certificate_ends;
};

// One line of the ring of latest results: an Observation without its words.
struct Result {
  Instant started{};
  std::uint32_t took = 0;        // ms
  Reason reason = Reason::None;  // None: passed
};

}  // namespace health
