// What fairlead.yaml says of the protocol, as those who answer take it.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "server/answer/settings.h"
#include "server/config/options.h"

namespace control {

struct ProtocolSettings {
  answer::Settings settings;
  std::vector<std::string> warnings;  // sentences
};

// Reads the file of cookie secrets, and changes nothing. With cookies, and without a secret after
// it, the file in the state folder is missing or cannot be read. The error is a sentence: a file
// that the operator named is missing, or any of them is malformed.
[[nodiscard]] tl::expected<ProtocolSettings, std::string> read_protocol_settings(
    const config::Options& options);

// For a server that runs, where cookies lack a secret: takes those that it has (`before`, if any),
// or draws one and keeps it in the state folder; where that cannot be, in memory.
void provide_cookie_secret(const config::CookieOptions& options, const answer::Settings* before,
                           ProtocolSettings& settings);

// A line for each part that is another now; no secret is told.
[[nodiscard]] std::string describe_settings(const answer::Settings& before,
                                            const answer::Settings& after);

}  // namespace control
