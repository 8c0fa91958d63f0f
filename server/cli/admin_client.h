#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "server/cli/commands.h"
#include "server/config/listen_address.h"

namespace cli {

// Where the running server's admin listener is; or why that cannot be known.
[[nodiscard]] tl::expected<config::ListenAddress, std::string> find_admin(
    const CommandOptions& options);

// RFC 3986 2.1, everything but unreserved characters.
[[nodiscard]] std::string percent_encoded(std::string_view text);

// A command's way to the running server.
class AdminClient {
 public:
  // For what only reads.
  [[nodiscard]] static tl::expected<AdminClient, std::string> reader(const CommandOptions& options);
  // With the token: from --token-file, else from the state folder of the configuration.
  [[nodiscard]] static tl::expected<AdminClient, std::string> writer(const CommandOptions& options);

  // The body of a reply with status 200, else a sentence. `timeout`: for the whole exchange.
  [[nodiscard]] tl::expected<std::string, std::string> request(
      std::string_view method, const std::string& target, std::string body = {},
      std::chrono::milliseconds timeout = std::chrono::seconds(10)) const;

  [[nodiscard]] const config::ListenAddress& address() const noexcept { return address_; }

 private:
  AdminClient(config::ListenAddress address, std::string token)
      : address_(address), token_(std::move(token)) {}

  config::ListenAddress address_;
  std::string token_;
};

}  // namespace cli
