#include "server/state/folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <system_error>

namespace state {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

std::string stamp() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return text.data();
}

// So that a name that was made or changed outlasts a power cut.
bool sync_folder_of(const std::string& path) noexcept {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

bool is_there(const std::string& path) noexcept {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace

tl::expected<FolderLock, std::string> FolderLock::take(const std::string& folder) {
  const std::string path = folder + "/state.lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return tl::unexpected(path + " cannot be opened: " + reason(errno));
  FolderLock lock(fd);
  int result = 0;
  do {
    result = ::flock(fd, LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  if (result == 0) return lock;
  if (errno == EWOULDBLOCK) {
    return tl::unexpected("another fairlead uses the state folder " + folder +
                          "; give each its own by `state` in fairlead.yaml");
  }
  return tl::unexpected(path + " cannot be locked: " + reason(errno));
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

tl::expected<Found, std::string> provide_file(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (S_ISLNK(status.st_mode)) {
      return tl::unexpected(path + " is a symbolic link; name the folder of the file itself");
    }
    if (!S_ISREG(status.st_mode)) return Found::Foreign;
    // Somebody else's file stays as it is; opening it will tell.
    if ((status.st_mode & 077) != 0) static_cast<void>(::chmod(path.c_str(), 0600));
    return status.st_size == 0 ? Found::Empty : Found::File;
  }
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return tl::unexpected(path + " cannot be made: " + reason(errno));
  ::close(fd);
  if (!sync_folder_of(path)) {
    return tl::unexpected(path + " may not outlast a power cut: " + reason(errno));
  }
  return Found::Made;
}

bool has_journal(const std::string& path) {
  struct stat status {};
  return ::lstat((path + "-wal").c_str(), &status) == 0 && status.st_size > 0;
}

tl::expected<std::string, std::string> put_aside(const std::string& path) {
  constexpr int kMaxNames = 100;
  const std::string first = path + ".damaged-" + stamp();
  std::string aside = first;
  for (int i = 2; is_there(aside) && i < kMaxNames; ++i) aside = first + "-" + std::to_string(i);
  if (std::rename(path.c_str(), aside.c_str()) != 0) {
    return tl::unexpected(path + " is damaged and cannot be put aside: " + reason(errno));
  }
  // With the endings that SQLite looks for: what is in them belongs to the file.
  for (const char* ending : {"-wal", "-shm"}) {
    const std::string from = path + ending;
    if (is_there(from) && std::rename(from.c_str(), (aside + ending).c_str()) != 0) {
      return tl::unexpected(from + " cannot be put aside: " + reason(errno));
    }
  }
  sync_folder_of(path);
  return aside;
}

FileMark::FileMark(const std::string& path) : path_(path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return;
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

bool FileMark::holds() const {
  struct stat status {};
  return ::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
}

}  // namespace state
