// What stands where the store's file should be: the lock on the folder, a file made, one put aside.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace state {

// Keeps other processes off the folder's store as long as it lives, however the process ends.
class FolderLock {
 public:
  // Or a sentence.
  [[nodiscard]] static tl::expected<FolderLock, std::string> take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) noexcept : fd_(fd) {}
  int fd_;
};

enum class Found {
  Made,     // was not there; is empty now
  Empty,    // was there, and empty
  File,     // of some size
  Foreign,  // no file at all
};

// Makes sure of a file that only its owner reads. Or a sentence.
[[nodiscard]] tl::expected<Found, std::string> provide_file(const std::string& path);

// Whether there is something in the journal beside the file.
[[nodiscard]] bool has_journal(const std::string& path);

// Renames the file and its journal to "PATH.damaged-YYYYMMDDTHHMMSSZ". The new path, or a sentence.
[[nodiscard]] tl::expected<std::string, std::string> put_aside(const std::string& path);

// Whether the path still leads to the file that was there: nobody removed or replaced it.
class FileMark {
 public:
  explicit FileMark(const std::string& path);
  [[nodiscard]] bool holds() const;

 private:
  std::string path_;
  unsigned long long device_ = 0;
  unsigned long long inode_ = 0;
};

}  // namespace state
