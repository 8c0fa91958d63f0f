#include "server/control/cookie_secrets.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/posix/secret_file.h"

namespace control {
namespace {

constexpr std::string_view kBlank = " \t\r";

std::optional<dnswire::CookieSecret> secret_of(std::string_view digits) noexcept {
  dnswire::CookieSecret secret{};
  if (digits.size() != 2 * secret.size()) return std::nullopt;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const int high = posix::hex_digit(digits[2 * i]);
    const int low = posix::hex_digit(digits[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    secret[i] = static_cast<std::uint8_t>(16 * high + low);
  }
  return secret;
}

// A line without its comment and the blanks around it.
std::string_view content_of(std::string_view line) noexcept {
  line = line.substr(0, line.find('#'));
  const std::size_t first = line.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlank) + 1 - first);
}

std::string file_text(const dnswire::CookieSecret& secret) {
  return "# Secrets of DNS cookies (RFC 9018): the first signs, all verify.\n" +
         posix::to_hex(secret) + "\n";
}

}  // namespace

tl::expected<CookieSecrets, std::string> parse_cookie_secrets(std::string_view text) {
  CookieSecrets secrets;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view content = content_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content.empty()) continue;
    const std::string line = "line " + std::to_string(number);
    const auto secret = secret_of(content);
    if (!secret) return tl::unexpected(line + " is no secret: 32 hexadecimal digits, and no more");
    if (std::find(secrets.begin(), secrets.end(), *secret) != secrets.end()) {
      return tl::unexpected(line + " repeats an earlier secret");
    }
    secrets.push_back(*secret);
  }
  if (secrets.empty()) return tl::unexpected<std::string>("holds no secret");
  if (secrets.size() > kMaxCookieSecrets) {
    return tl::unexpected("holds " + std::to_string(secrets.size()) + " secrets, more than " +
                          std::to_string(kMaxCookieSecrets));
  }
  return secrets;
}

tl::expected<SecretsFile, SecretsProblem> read_cookie_secrets(const std::string& path) {
  auto file = posix::read_secret_file(path);
  if (!file) {
    return tl::unexpected(SecretsProblem{file.error().kind, path + ": " + file.error().clause});
  }
  auto secrets = parse_cookie_secrets(file->text);
  if (!secrets) {
    return tl::unexpected(
        SecretsProblem{SecretsProblem::Kind::Malformed, path + ": " + secrets.error()});
  }
  SecretsFile result{std::move(*secrets), {}};
  if (file->is_public) {
    result.warning =
        path + ": everyone on this machine can read the secrets of cookies; chmod o= it";
  }
  return result;
}

dnswire::CookieSecret draw_cookie_secret() {
  dnswire::CookieSecret secret{};
  posix::draw_secret(secret);
  return secret;
}

tl::expected<void, std::string> write_cookie_secret(const std::string& path,
                                                    const dnswire::CookieSecret& secret) {
  return posix::write_secret_file(path, file_text(secret));
}

}  // namespace control
