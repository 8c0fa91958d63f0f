#include "server/posix/secret_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "server/posix/file_descriptor.h"

namespace posix {
namespace {

constexpr std::size_t kMaxFileSize = 64 * 1024;  // octets

std::string reason(int error) { return std::generic_category().message(error); }

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

tl::unexpected<SecretFileProblem> problem(SecretFileProblem::Kind kind, std::string clause) {
  return tl::unexpected(SecretFileProblem{kind, std::move(clause)});
}

}  // namespace

tl::expected<SecretFile, SecretFileProblem> read_secret_file(const std::string& path) {
  using Kind = SecretFileProblem::Kind;
  // O_NONBLOCK: opening a FIFO must not wait for its other end.
  const FileDescriptor fd{
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)};
  if (!fd && errno == ENOENT) return problem(Kind::Missing, "is not there");
  if (!fd && errno == ELOOP) {
    return problem(Kind::Malformed, "is a symbolic link; name the file itself");
  }
  if (!fd) return problem(Kind::Unreadable, "cannot be read: " + reason(errno));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return problem(Kind::Malformed, "is not a regular file");
  }
  auto text = read_all(fd.get());
  if (!text) return problem(Kind::Unreadable, "cannot be read: " + text.error());
  if (text->size() > kMaxFileSize) return problem(Kind::Malformed, "is too long");
  return SecretFile{std::move(*text), (status.st_mode & S_IROTH) != 0};
}

tl::expected<void, std::string> write_secret_file(const std::string& path, std::string_view text) {
  std::string temporary = path + ".XXXXXX";
  const FileDescriptor fd{::mkostemp(temporary.data(), O_CLOEXEC)};  // 0600, never a file there
  if (!fd) return tl::unexpected("cannot be written: " + reason(errno));
  const bool written =
      write_all(fd.get(), text) && ::fsync(fd.get()) == 0 && rename_new(temporary, path);
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

void make_folder_of(const std::string& path) noexcept {
  ::mkdir(std::filesystem::path(path).parent_path().c_str(), 0700);
}

void draw_secret(std::span<std::uint8_t> secret) {
  // So few octets come whole or, at boot, after a wait that a signal may end.
  while (::getrandom(secret.data(), secret.size(), 0) != static_cast<ssize_t>(secret.size())) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
  }
}

std::string to_hex(std::span<const std::uint8_t> octets) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : octets) text += {kDigits[octet >> 4], kDigits[octet & 15]};
  return text;
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace posix
