#include "geo/private_copy.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace geo {
namespace {

// The largest databases on the market have less than half of it; node and record numbers stay
// below 2^31 too.
constexpr std::int64_t kMaxFileSize = std::int64_t{2} << 30;

// libmaxminddb 1.7.1 reads one octet past the end of a file whose metadata is cut off right after
// its marker. Zeros there end every such read inside the mapping, and mean nothing to its decoder.
constexpr std::array<std::uint8_t, 64> kPadding{};

// A descriptor that closes itself; -1 is none.
struct Descriptor {
  int value;
  explicit Descriptor(int opened) noexcept : value(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

tl::unexpected<std::string> failure(std::string what) {
  return tl::unexpected(std::move(what) + ": " + std::generic_category().message(errno));
}

bool write_all(int descriptor, const std::uint8_t* data, std::size_t size) noexcept {
  while (size > 0) {
    const ssize_t written = ::write(descriptor, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

// The size of the file.
tl::expected<std::size_t, std::string> copy(int from, int to) {
  std::vector<std::uint8_t> buffer(std::size_t{1} << 20);
  std::int64_t total = 0;
  for (;;) {
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("it cannot be read");
    if (got == 0) break;
    total += got;
    if (total > kMaxFileSize) return tl::unexpected<std::string>("it is larger than 2 GiB");
    if (!write_all(to, buffer.data(), static_cast<std::size_t>(got))) {
      return failure("it cannot be copied to memory");
    }
  }
  if (total == 0) return tl::unexpected<std::string>("it is empty");
  if (!write_all(to, kPadding.data(), kPadding.size())) {
    return failure("it cannot be copied to memory");
  }
  return static_cast<std::size_t>(total);
}

}  // namespace

tl::expected<PrivateCopy, std::string> PrivateCopy::make(const std::string& path) {
  // O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.value < 0) return failure("it cannot be opened");
  struct stat status {};
  if (::fstat(file.value, &status) != 0) return failure("it cannot be opened");
  if (!S_ISREG(status.st_mode)) return tl::unexpected<std::string>("it is not a regular file");
  PrivateCopy result(::memfd_create("geo-database", MFD_CLOEXEC));
  if (result.descriptor_ < 0) return failure("it cannot be copied to memory");
  auto copied = copy(file.value, result.descriptor_);
  if (!copied) return tl::unexpected(std::move(copied).error());
  result.size_ = *copied;
  return result;
}

PrivateCopy::PrivateCopy(PrivateCopy&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(std::exchange(other.size_, 0)) {}

PrivateCopy::~PrivateCopy() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::vector<std::uint8_t> PrivateCopy::tail(std::size_t size) const {
  std::vector<std::uint8_t> result(std::min(size, size_));
  const auto from = static_cast<off_t>(size_ - result.size());
  // One read: memory has no reason to deliver less.
  const ssize_t got = ::pread(descriptor_, result.data(), result.size(), from);
  result.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return result;
}

std::string PrivateCopy::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

}  // namespace geo
