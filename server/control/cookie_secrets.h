// The secrets that DNS cookies are made with, in a file: one per line, 32 hexadecimal digits, `#`
// starts a comment. The first signs, all verify; several servers at one address share the file, and
// lines come and go when secrets are rolled. RFC 9018 5.
//
// No text that leaves here holds a secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "dnswire/cookie.h"
#include "server/posix/secret_file.h"

namespace control {

using CookieSecrets = std::vector<dnswire::CookieSecret>;

inline constexpr std::size_t kMaxCookieSecrets = 8;  // each costs a hash per cookie that is wrong

// One secret or more; or a clause that says what is wrong, with the line.
[[nodiscard]] tl::expected<CookieSecrets, std::string> parse_cookie_secrets(std::string_view text);

struct SecretsFile {
  CookieSecrets secrets;
  std::string warning;  // a sentence; empty: nothing to say
};

struct SecretsProblem {
  using Kind = posix::SecretFileProblem::Kind;
  Kind kind = Kind::Missing;
  std::string text;  // with the file's name
};

// Takes a regular file only, and follows no symbolic link in its place.
[[nodiscard]] tl::expected<SecretsFile, SecretsProblem> read_cookie_secrets(
    const std::string& path);

// From the kernel.   Throws std::system_error where it has none to give.
[[nodiscard]] dnswire::CookieSecret draw_cookie_secret();

// Writes a file that is there whole or not at all, for its owner only (mode 0600). The error is a
// clause: a file that is there already is one.
[[nodiscard]] tl::expected<void, std::string> write_cookie_secret(
    const std::string& path, const dnswire::CookieSecret& secret);

}  // namespace control
