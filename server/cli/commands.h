// What `fairlead` does besides serving. Each prints for a person and returns the exit status.
#pragma once

#include <string>
#include <vector>

namespace cli {

struct CommandOptions {
  std::string configuration_file;
  bool file_is_default = true;  // not named by the user
  std::string admin;            // "127.0.0.1:8053"; empty: what the configuration file says
  std::string token_file;       // empty: admin-token in the state folder
};

// Loads everything and says what is there, or everything that is wrong (1).
int check_files(const CommandOptions& options);

// Where addresses are, from the given databases or those of the configuration.
int locate(const CommandOptions& options, const std::vector<std::string>& addresses,
           std::vector<std::string> databases);

int reload(const CommandOptions& options);

}  // namespace cli
