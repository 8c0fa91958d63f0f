#pragma once

#include <string>

namespace server {

// Runs the server until SIGTERM or SIGINT; SIGHUP reloads. Returns the process's exit status:
// 0 after a clean stop, 1 when it could not start, which has been said on standard error.
[[nodiscard]] int serve(const std::string& configuration_file);

}  // namespace server
