// The commands that say who gets which answer, and why. Each prints for a person and returns the
// exit status. They ask the running server, or, without one, evaluate the files with every endpoint
// assumed up, and say so.
#pragma once

#include <string>
#include <vector>

#include "server/cli/commands.h"

namespace cli {

struct ExplainOptions {
  std::string name;
  std::string type = "A";
  std::vector<std::string> clients;  // addresses
  std::vector<std::string> assume;   // "down:tokyo"
  bool json = false;
};
int explain_name(const CommandOptions& options, const ExplainOptions& what);

struct MapOptions {
  std::string name;
  std::string type = "A";
  std::vector<std::string> assume;
  bool json = false;
  bool countries = false;  // their codes as well
};
int map_name(const CommandOptions& options, const MapOptions& what);

}  // namespace cli
