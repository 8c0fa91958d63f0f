// ICMP errors as errors of the socket they belong to.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

namespace probes {

// A router's "unreachable" ends a wait at once (ip(7), ipv6(7)); without it only what the host
// itself says does.
inline void report_unreachable(int socket, bool is_ipv6) noexcept {
  const int yes = 1;
  if (is_ipv6) {
    setsockopt(socket, IPPROTO_IPV6, IPV6_RECVERR, &yes, sizeof yes);
  } else {
    setsockopt(socket, IPPROTO_IP, IP_RECVERR, &yes, sizeof yes);
  }
}

}  // namespace probes
