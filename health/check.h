// How an endpoint is probed and what counts as a pass.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace health {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::steady_clock::time_point;  // handed in, never read here

enum class ProbeType : std::uint8_t { Tcp, Http, Https, Tls, Dns, Icmp, Exec, Heartbeat };
inline constexpr std::size_t kProbeTypeCount = 8;
[[nodiscard]] std::string_view to_text(ProbeType type) noexcept;  // "https"

struct StatusRange {  // both ends included
  std::uint16_t first = 200;
  std::uint16_t last = 299;
  friend bool operator==(const StatusRange&, const StatusRange&) = default;
};

// http, https.
struct HttpSpec {
  std::string method = "GET";
  std::string path = "/";
  std::string host;  // the Host header; empty: the dialled address
  std::string user_agent = "fairlead";
  std::vector<std::pair<std::string, std::string>> headers;  // name, value; besides the usual ones
  std::vector<StatusRange> status{StatusRange{}};
  std::string body;        // must be inside the first kMaxBody octets; empty: any
  std::string body_regex;  // RE2 syntax, must match somewhere in them; empty: any
  friend bool operator==(const HttpSpec&, const HttpSpec&) = default;
};

enum class TlsVersion : std::uint8_t { Tls10, Tls12, Tls13 };

// https, tls.
struct TlsSpec {
  std::string name;  // SNI and the name to verify; empty: HttpSpec::host, then the dialled address
  bool verify = true;   // the certificate
  std::string ca_file;  // PEM; empty: the system's trust store
  TlsVersion min_version = TlsVersion::Tls12;
  std::string certificate_file;  // PEM, the client's own, with its chain; empty: none
  std::string key_file;          // PEM
  std::chrono::seconds warn_before{std::chrono::hours{24 * 14}};  // of expiry: an alarm
  std::chrono::seconds fail_before{0};                            // of expiry: a failure
  friend bool operator==(const TlsSpec&, const TlsSpec&) = default;
};

// dns, over UDP.
struct DnsSpec {
  std::string name = ".";  // presentation format
  std::string type = "SOA";
  std::uint8_t rcode = 0;            // RFC 6895 2.3
  std::vector<std::string> answers;  // RDATA in presentation format: all must be in the answer
  friend bool operator==(const DnsSpec&, const DnsSpec&) = default;
};

// What shows that it is the endpoint that answers and not a stranger on its address. Several: all.
struct Identity {
  std::vector<std::string> spki;  // SHA-256 of the key, 32 octets each: one of them; https, tls
  std::string header;             // of the response, that holds `token`; http, https
  std::string token;              // secret
  std::string body;               // secret; must be inside the first kMaxBody octets; http, https
  [[nodiscard]] bool empty() const noexcept {
    return spki.empty() && header.empty() && body.empty();
  }
  friend bool operator==(const Identity&, const Identity&) = default;
};

// What changes a verdict: results, and the time that damps them.
struct Thresholds {
  std::uint16_t fall = 3;      // failures that take down
  std::uint16_t rise = 2;      // successes in a row that bring up
  std::uint16_t forgive = 3;   // successes in a row that wipe the failures counted while up
  Duration recheck{1000};      // from the first contradicting result to the next probe; 0: no haste
  Duration cooldown{0};        // least time between two changes
  Duration failback_delay{0};  // least time of successes before it is served again
  friend bool operator==(const Thresholds&, const Thresholds&) = default;
};

struct CheckSpec {
  ProbeType type = ProbeType::Tcp;
  std::uint16_t port = 0;  // tcp, http, https, tls, dns
  HttpSpec http;
  TlsSpec tls;
  DnsSpec dns;
  std::vector<std::string> argv;  // exec: program and arguments, no shell; "{address}" is replaced
  std::string token;              // heartbeat: the endpoint's own secret
  Identity identity;
  Duration interval{5000};  // from start to start; heartbeat: the lease
  Duration timeout{2000};   // for the whole probe
  Thresholds thresholds;
  friend bool operator==(const CheckSpec&, const CheckSpec&) = default;
};

inline constexpr std::size_t kMaxBody = 16 * 1024;  // octets read of an answer, headers included

// One address judged by one check. Endpoints that would be probed alike share a target.
struct Target {
  std::string address;  // IPv4 or IPv6 literal without brackets, or a name to resolve;
                        // heartbeat: "ZONE/ENDPOINT"
  CheckSpec check;
  friend bool operator==(const Target&, const Target&) = default;
};

// Index into the list of targets of one configuration.
enum class TargetId : std::uint32_t {};

}  // namespace health
