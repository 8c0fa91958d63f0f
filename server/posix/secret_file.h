// Files that hold a secret: read with care, written for their owner only, and whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace posix {

struct SecretFileProblem {
  enum class Kind : std::uint8_t { Missing, Unreadable, Malformed };
  Kind kind = Kind::Missing;
  std::string clause;  // "is not there"
};

struct SecretFile {
  std::string text;
  bool is_public = false;  // everyone on this machine can read it
};

// Takes a regular file only, of at most 64 KiB, and follows no symbolic link in its place.
[[nodiscard]] tl::expected<SecretFile, SecretFileProblem> read_secret_file(const std::string& path);

// Writes a file that is there whole or not at all, for its owner only (mode 0600). The error is a
// clause: a file that is there already is one.
[[nodiscard]] tl::expected<void, std::string> write_secret_file(const std::string& path,
                                                                std::string_view text);

// Makes the folder of the file, for its owner only (0700), if it is not there yet; what is above it
// is the operator's. Writing the file tells whether it worked.
void make_folder_of(const std::string& path) noexcept;

// From the kernel.   Throws std::system_error where it has none to give.
void draw_secret(std::span<std::uint8_t> secret);

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> octets);
// The value of a hexadecimal digit; less than 0: it is none.
[[nodiscard]] int hex_digit(char c) noexcept;

}  // namespace posix
