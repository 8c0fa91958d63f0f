#include "server/cli/admin_client.h"

#include <cctype>
#include <filesystem>

#include "server/admin/admin_token.h"
#include "server/config/options.h"
#include "server/http/client.h"

namespace cli {
namespace {

const char* const kDefaultAdmin = "127.0.0.1:8053";

// The problems of a configuration file, each on a line of its own.
std::string lines_of(const zones::Problems& problems) {
  std::string text;
  for (const zones::Problem& problem : problems) text += problem.to_text() + "\n";
  return text;
}

tl::expected<std::string, std::string> find_token(const CommandOptions& options) {
  if (!options.token_file.empty()) return admin::read_admin_token_file(options.token_file);
  zones::Problems problems;
  const auto read = config::load_options(options.configuration_file, problems);
  if (!read) {
    return tl::unexpected(lines_of(problems) +
                          "the state folder, where the token is, cannot be found; name the "
                          "token's file with --token-file");
  }
  return admin::read_admin_token(read->state);
}

}  // namespace

tl::expected<config::ListenAddress, std::string> find_admin(const CommandOptions& options) {
  if (!options.admin.empty()) {
    auto address = config::ListenAddress::from_text(options.admin);
    if (!address) return tl::unexpected("--admin: " + address.error());
    return *address;
  }
  if (options.file_is_default && !std::filesystem::exists(options.configuration_file)) {
    return *config::ListenAddress::from_text(kDefaultAdmin);
  }
  zones::Problems problems;
  const auto read = config::load_options(options.configuration_file, problems);
  if (read) return read->admin;
  return tl::unexpected(lines_of(problems) + "name the server with --admin ADDRESS:PORT");
}

std::string percent_encoded(std::string_view text) {
  static const char* const kHex = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(octet) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      result += c;
    } else {
      result += {'%', kHex[octet >> 4], kHex[octet & 15]};
    }
  }
  return result;
}

tl::expected<AdminClient, std::string> AdminClient::reader(const CommandOptions& options) {
  const auto address = find_admin(options);
  if (!address) return tl::unexpected(address.error());
  return AdminClient(*address, {});
}

tl::expected<AdminClient, std::string> AdminClient::writer(const CommandOptions& options) {
  const auto address = find_admin(options);
  if (!address) return tl::unexpected(address.error());
  auto token = find_token(options);
  if (!token) return tl::unexpected(token.error());
  return AdminClient(*address, std::move(*token));
}

tl::expected<std::string, std::string> AdminClient::request(
    std::string_view method, const std::string& target, std::string body,
    std::chrono::milliseconds timeout) const {
  http::Headers headers;
  if (!token_.empty()) headers.emplace_back("Authorization", "Bearer " + token_);
  auto reply = http::request(method, address_, target, timeout, std::move(body), headers);
  if (!reply) return tl::unexpected(reply.error());
  if (reply->status != 200) return tl::unexpected(std::move(reply->body));
  return std::move(reply->body);
}

}  // namespace cli
