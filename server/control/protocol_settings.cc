#include "server/control/protocol_settings.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

#include "dnswire/edns.h"
#include "server/control/cookie_secrets.h"
#include "server/control/version.h"
#include "server/posix/secret_file.h"

namespace control {
namespace {

std::string host_name() {
  std::array<char, 256> name{};  // POSIX: 255 at most, and no NUL behind one that is cut
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return std::string(name.data()).substr(0, dnswire::kMaxNsidSize);
}

// RFC 7828 3.1: units of 100 ms, and no more of them than 16 bits hold.
std::uint16_t keepalive_of(std::chrono::milliseconds idle) noexcept {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint16_t>::max();
  return static_cast<std::uint16_t>(std::min<std::int64_t>(idle.count() / 100, kMost));
}

}  // namespace

tl::expected<ProtocolSettings, std::string> read_protocol_settings(const config::Options& options) {
  ProtocolSettings result;
  answer::Settings& settings = result.settings;
  settings.name = options.identity.name ? *options.identity.name : host_name();
  settings.version = options.identity.version.value_or(std::string("fairlead ") + kVersion);
  settings.require_cookies = options.cookies.require;
  settings.tcp_keepalive = keepalive_of(options.tcp.idle);
  if (!options.cookies.enabled) return result;

  using Kind = SecretsProblem::Kind;
  auto file = read_cookie_secrets(options.cookies.secrets);
  if (file) {
    settings.cookie_secrets = std::move(file->secrets);
    if (!file->warning.empty()) result.warnings.push_back(std::move(file->warning));
    return result;
  }
  const SecretsProblem& problem = file.error();
  if (options.cookies.names_secrets) {
    return tl::unexpected(problem.text + "; `cookies.secrets` in fairlead.yaml names it");
  }
  if (problem.kind == Kind::Malformed) return tl::unexpected(problem.text);
  if (problem.kind == Kind::Unreadable) result.warnings.push_back(problem.text);
  return result;
}

void provide_cookie_secret(const config::CookieOptions& options, const answer::Settings* before,
                           ProtocolSettings& settings) {
  CookieSecrets& secrets = settings.settings.cookie_secrets;
  if (!options.enabled || !secrets.empty()) return;
  if (before != nullptr && !before->cookie_secrets.empty()) {
    secrets = before->cookie_secrets;
    return;
  }
  secrets = {draw_cookie_secret()};
  posix::make_folder_of(options.secrets);
  const auto written = write_cookie_secret(options.secrets, secrets.front());
  if (written) return;
  settings.warnings.push_back(options.secrets + ": " + written.error() +
                              "; the secret of cookies ends with this process. `state` in "
                              "fairlead.yaml names a folder to keep it in");
}

std::string describe_settings(const answer::Settings& before, const answer::Settings& after) {
  std::string text;
  if (before.name != after.name || before.version != after.version) text += "`identity` changed\n";
  const std::size_t count = after.cookie_secrets.size();
  if (before.cookie_secrets.empty() != after.cookie_secrets.empty()) {
    text += count == 0 ? "cookies are off\n" : "cookies are on\n";
  } else if (before.cookie_secrets != after.cookie_secrets) {
    const bool signer = before.cookie_secrets.front() != after.cookie_secrets.front();
    text += "cookie secrets changed: " + std::to_string(count) + ", " +
            (signer ? "another one signs\n" : "the same one signs\n");
  }
  if (before.require_cookies != after.require_cookies) {
    text += after.require_cookies ? "cookies are required\n" : "cookies are not required\n";
  }
  return text;
}

}  // namespace control
