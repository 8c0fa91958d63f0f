// A file in memory that exists as long as its object.
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace geo {

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content)
      : descriptor_(::memfd_create("geo_test", MFD_CLOEXEC)) {
    while (!content.empty()) {
      const ssize_t written = ::write(descriptor_, content.data(), content.size());
      if (written <= 0) {
        ADD_FAILURE() << "cannot write " << path();
        return;
      }
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { ::close(descriptor_); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_ = "/proc/self/fd/" + std::to_string(descriptor_);
};

}  // namespace geo
