// Notices that geo databases have been replaced.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace control {

// What tells one edition of a file from another without reading it. A file that is not there is all
// zero.
struct FileLook {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;    // octets
  std::int64_t changed = 0;  // nanoseconds since 1970
  friend bool operator==(const FileLook&, const FileLook&) = default;
};
using FileLooks = std::vector<FileLook>;  // as the paths

// Symbolic links are followed: one that points elsewhere is another file. May block.
[[nodiscard]] FileLooks look_at(const std::vector<std::string>& paths);

// Says when files that are not those in use should be read: once they look the same twice in a row,
// so that nothing is read while it is written, and once for each edition.
class DatabaseWatch {
 public:
  // `in_use`: how they looked before they were read.
  [[nodiscard]] bool is_due(const FileLooks& in_use, const FileLooks& now);

 private:
  FileLooks former_;
  FileLooks said_;
};

}  // namespace control
