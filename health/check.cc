#include "health/check.h"

namespace health {

std::string_view to_text(ProbeType type) noexcept {
  switch (type) {
    case ProbeType::Tcp:
      return "tcp";
    case ProbeType::Http:
      return "http";
    case ProbeType::Https:
      return "https";
    case ProbeType::Tls:
      return "tls";
    case ProbeType::Dns:
      return "dns";
    case ProbeType::Icmp:
      return "icmp";
    case ProbeType::Exec:
      return "exec";
    case ProbeType::Heartbeat:
      return "heartbeat";
  }
  return "";
}

}  // namespace health
