// The commands that look after health. Each prints for a person and returns the exit status.
#pragma once

#include <string>

#include "server/cli/commands.h"

namespace cli {

struct StatusOptions {
  std::string endpoint;  // with wildcards; empty: all
  bool json = false;
  bool results = false;
};
int show_status(const CommandOptions& options, const StatusOptions& what);

// An operator's word. Durations as in files: "30m".
struct OverrideOptions {
  std::string target;
  std::string force;   // "drained", "up", "down"; empty: the weight is said
  std::string weight;  // "10", or "usual"
  std::string period;  // empty: until it is taken back
  std::string ttl;     // empty: the record's
  std::string reason;
  std::string author;  // empty: the user who calls
};
int put_override(const CommandOptions& options, const OverrideOptions& what);
int undrain(const CommandOptions& options, const std::string& target);
// The weight, or takes back what was said of it: `usual`.
int weigh(const CommandOptions& options, const OverrideOptions& what);

// Forces down for the period and says when the answers changed, there and back.
struct DrillOptions {
  std::string target;
  std::string period = "30s";
  std::string client;  // address or network to ask for (client subnet); empty: this machine
};
int drill(const CommandOptions& options, const DrillOptions& what);

}  // namespace cli
