#include "server/cookie_secrets.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

#include "server/file_descriptor.h"

namespace server {
namespace {

constexpr std::size_t kMaxFileSize = 64 * 1024;  // octets
constexpr std::string_view kBlank = " \t\r";

std::string reason(int error) { return std::generic_category().message(error); }

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<dnswire::CookieSecret> secret_of(std::string_view digits) noexcept {
  dnswire::CookieSecret secret{};
  if (digits.size() != 2 * secret.size()) return std::nullopt;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const int high = digit_of(digits[2 * i]);
    const int low = digit_of(digits[2 * i + 1]);
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

// Everything, unless it is longer than such a file can be.
tl::expected<std::string, std::string> read_all(int fd) {
  std::string text(kMaxFileSize + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(reason(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

tl::unexpected<SecretsProblem> problem(SecretsProblem::Kind kind, const std::string& path,
                                       const std::string& clause) {
  return tl::unexpected(SecretsProblem{kind, path + ": " + clause});
}

std::string file_text(const dnswire::CookieSecret& secret) {
  static const char* const kDigits = "0123456789abcdef";
  std::string text = "# Secrets of DNS cookies (RFC 9018): the first signs, all verify.\n";
  for (const std::uint8_t octet : secret) text += {kDigits[octet >> 4], kDigits[octet & 15]};
  return text + "\n";
}

bool write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// Never replaces what is there; a file system that cannot promise that gets a plain rename.
bool rename_new(const std::string& from, const std::string& to) noexcept {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  return errno == EINVAL && ::rename(from.c_str(), to.c_str()) == 0;
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
  using Kind = SecretsProblem::Kind;
  // O_NONBLOCK: opening a FIFO must not wait for its other end.
  const FileDescriptor fd{
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)};
  if (!fd && errno == ENOENT) return problem(Kind::Missing, path, "is not there");
  if (!fd && errno == ELOOP) {
    return problem(Kind::Malformed, path, "is a symbolic link; name the file itself");
  }
  if (!fd) return problem(Kind::Unreadable, path, "cannot be read: " + reason(errno));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return problem(Kind::Malformed, path, "is not a regular file");
  }
  const auto text = read_all(fd.get());
  if (!text) return problem(Kind::Unreadable, path, "cannot be read: " + text.error());
  if (text->size() > kMaxFileSize) return problem(Kind::Malformed, path, "is too long");
  auto secrets = parse_cookie_secrets(*text);
  if (!secrets) return problem(Kind::Malformed, path, secrets.error());
  SecretsFile file{std::move(*secrets), {}};
  if ((status.st_mode & S_IROTH) != 0) {
    file.warning = path + ": everyone on this machine can read the secrets of cookies; chmod o= it";
  }
  return file;
}

dnswire::CookieSecret draw_cookie_secret() {
  dnswire::CookieSecret secret{};
  // So few octets come whole or, at boot, after a wait that a signal may end.
  while (::getrandom(secret.data(), secret.size(), 0) != static_cast<ssize_t>(secret.size())) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return secret;
}

tl::expected<void, std::string> write_cookie_secret(const std::string& path,
                                                    const dnswire::CookieSecret& secret) {
  std::string temporary = path + ".XXXXXX";
  const FileDescriptor fd{::mkostemp(temporary.data(), O_CLOEXEC)};  // 0600, never a file there
  if (!fd) return tl::unexpected("cannot be written: " + reason(errno));
  const bool written = write_all(fd.get(), file_text(secret)) && ::fsync(fd.get()) == 0 &&
                       rename_new(temporary, path);
  if (!written) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return tl::unexpected("cannot be written: " + reason(error));
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const FileDescriptor entries{
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!entries || ::fsync(entries.get()) != 0) {
    return tl::unexpected("is written, and may not outlast a power cut: " + reason(errno));
  }
  return {};
}

}  // namespace server
