// A file as it was at one moment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace geo {

// A copy of a file in memory that nobody else can write to or truncate. libmaxminddb maps the file
// that it opens: if that shrank or were rewritten in place while we read it, the process would get
// a SIGBUS or read garbage past its checks.
//
// Owns: the memory, as a file descriptor.
class PrivateCopy {
 public:
  // The error is a clause: "it cannot be opened: Permission denied".
  [[nodiscard]] static tl::expected<PrivateCopy, std::string> make(const std::string& path);

  PrivateCopy(PrivateCopy&& other) noexcept;
  PrivateCopy& operator=(PrivateCopy&&) = delete;
  ~PrivateCopy();

  // The last octets of the file, at most `size`; fewer if reading fails.
  [[nodiscard]] std::vector<std::uint8_t> tail(std::size_t size) const;

  // Opens the copy, as long as the object lives; some zeros follow what was in the file. /proc must
  // be mounted.
  [[nodiscard]] std::string path() const;

 private:
  explicit PrivateCopy(int descriptor) noexcept : descriptor_(descriptor) {}
  int descriptor_;
  std::size_t size_ = 0;  // of the file
};

}  // namespace geo
