#include "server/admin/admin_token.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "server/http/guard.h"
#include "server/posix/secret_file.h"

namespace admin {
namespace {

constexpr std::size_t kTokenSize = 32;  // octets
constexpr std::size_t kMinDigits = 32;
constexpr std::string_view kForm =
    "is no token: one line of 32 hexadecimal digits or more; remove it, and the next start makes "
    "another";

std::string path_in(const std::string& folder) { return folder + "/admin-token"; }

// Empty: no token.
std::string token_of(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const bool sound = text.size() >= kMinDigits &&
                     std::ranges::all_of(text, [](char c) { return posix::hex_digit(c) >= 0; });
  return sound ? text : std::string();
}

tl::expected<std::string, posix::SecretFileProblem> read_token(const std::string& path) {
  auto file = posix::read_secret_file(path);
  if (!file) return tl::unexpected(std::move(file.error()));
  std::string token = token_of(std::move(file->text));
  if (!token.empty()) return token;
  return tl::unexpected(
      posix::SecretFileProblem{posix::SecretFileProblem::Kind::Malformed, std::string(kForm)});
}

}  // namespace

tl::expected<std::string, std::string> provide_admin_token(const std::string& folder) {
  using Kind = posix::SecretFileProblem::Kind;
  const std::string path = path_in(folder);
  auto found = read_token(path);
  if (found) return std::move(*found);
  if (found.error().kind != Kind::Missing) return tl::unexpected(path + " " + found.error().clause);

  std::array<std::uint8_t, kTokenSize> secret{};
  posix::draw_secret(secret);
  std::string made = posix::to_hex(secret);
  posix::make_folder_of(path);
  const auto written = posix::write_secret_file(path, made + "\n");
  if (written) return made;
  found = read_token(path);  // another process may have been quicker
  if (found) return std::move(*found);
  return tl::unexpected(path + " " + written.error());
}

std::string warn_of_admin_token(const std::string& folder) {
  const std::string path = path_in(folder);
  const auto file = posix::read_secret_file(path);
  if (!file || !file->is_public) return {};
  return path + ": everyone on this machine can read the admin token; chmod o= it";
}

tl::expected<std::string, std::string> read_admin_token(const std::string& folder) {
  return read_admin_token_file(path_in(folder));
}

tl::expected<std::string, std::string> read_admin_token_file(const std::string& path) {
  using Kind = posix::SecretFileProblem::Kind;
  auto found = read_token(path);
  if (found) return std::move(*found);
  std::string text = path + " " + found.error().clause;
  if (found.error().kind == Kind::Missing) text += ": a server makes it when it starts";
  if (found.error().kind == Kind::Unreadable)
    text += "; it is for the user that the server runs as";
  return tl::unexpected(std::move(text));
}

bool token_matches(std::string_view authorization_header, std::string_view token) {
  const auto shown = http::bearer_token(authorization_header);
  return shown && !token.empty() && shown->size() == token.size() &&
         CRYPTO_memcmp(shown->data(), token.data(), token.size()) == 0;
}

}  // namespace admin
