#include "server/control/database_watch.h"

#include <sys/stat.h>

#include <utility>

namespace control {

FileLooks look_at(const std::vector<std::string>& paths) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  FileLooks looks;
  for (const std::string& path : paths) {
    FileLook& look = looks.emplace_back();
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) continue;
    look = {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
            status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec};
  }
  return looks;
}

bool DatabaseWatch::is_due(const FileLooks& in_use, const FileLooks& now) {
  const bool has_settled = std::exchange(former_, now) == now;
  if (!has_settled || now == in_use || now == said_) return false;
  said_ = now;
  return true;
}

}  // namespace control
