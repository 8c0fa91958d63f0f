#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "geo/correction.h"
#include "server/config/health_options.h"
#include "server/config/listen_address.h"
#include "server/config/protocol_options.h"
#include "server/config/worker_options.h"
#include "zones/problem.h"
#include "zones/zone_builder.h"

namespace config {

inline constexpr const char* kDefaultFile = "/etc/fairlead/fairlead.yaml";

enum class LogFormat : std::uint8_t { Text, Json };
enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

// What fairlead.yaml says; docs/configuration.md tells each option with its default and unit.
struct Options {
  std::vector<ListenAddress> listen;
  WorkerOptions workers;
  ListenAddress admin;
  std::string zones;                                  // folder
  std::optional<std::vector<std::string>> databases;  // absent: the one that comes with fairlead
  std::vector<geo::Correction> corrections;           // of what databases say
  std::string state;                                  // folder
  LogLevel log_level = LogLevel::Info;
  LogFormat log_format = LogFormat::Text;
  IdentityOptions identity;
  CookieOptions cookies;
  UdpOptions udp;
  TcpOptions tcp;
  zones::Limits limits;
  ProbeOptions probes;
  IsolationOptions isolation;
  std::vector<HookOptions> hooks;
  std::optional<ListenAddress> heartbeat;  // where endpoints renew their leases; none: nowhere
  std::vector<ListenAddress> resolvers;    // who is asked for targets of ALIAS; none: the system's
};

// What the file says, with the usual values in place of what `problems` says is wrong: to look at
// the zones as well, never to run with. `zones` is empty if it cannot be read.
[[nodiscard]] Options read_options(const std::string& file, zones::Problems& problems,
                                   zones::Problems* warnings = nullptr);

// Relative paths are taken from the folder that the file is in. Absent: `problems` says why.
// `warnings`, if any, gets what is allowed and looks like a mistake.
[[nodiscard]] std::optional<Options> load_options(const std::string& file,
                                                  zones::Problems& problems,
                                                  zones::Problems* warnings = nullptr);

}  // namespace config
