#include "health/observation.h"

namespace health {

std::string_view to_text(Reason reason) noexcept {
  switch (reason) {
    case Reason::None:
      return "none";
    case Reason::Refused:
      return "refused";
    case Reason::Timeout:
      return "timeout";
    case Reason::Unreachable:
      return "unreachable";
    case Reason::Reset:
      return "reset";
    case Reason::TlsHandshake:
      return "tls_handshake";
    case Reason::TlsName:
      return "tls_name";
    case Reason::TlsExpired:
      return "tls_expired";
    case Reason::TlsUntrusted:
      return "tls_untrusted";
    case Reason::Identity:
      return "identity";
    case Reason::Status:
      return "status";
    case Reason::Body:
      return "body";
    case Reason::Protocol:
      return "protocol";
    case Reason::LeaseExpired:
      return "lease_expired";
    case Reason::ExecStatus:
      return "exec_status";
    case Reason::Resource:
      return "resource";
  }
  return "none";
}

std::optional<Reason> reason_from_text(std::string_view text) noexcept {
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (to_text(reason) == text) return reason;
  }
  return std::nullopt;
}

}  // namespace health
