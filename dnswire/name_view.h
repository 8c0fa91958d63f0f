#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

#include "dnswire/bytes.h"
#include "dnswire/error.h"

namespace dnswire {

inline constexpr std::size_t kMaxNameSize = 255;  // RFC 1035 2.3.4
inline constexpr std::size_t kMaxLabelSize = 63;  // RFC 1035 2.3.4
inline constexpr std::size_t kMaxLabelCount =
    127;  // 255 octets of one-octet labels, root not counted

// A domain name in uncompressed wire format, borrowed from someone else's bytes.
//
// Borrows: the bytes outlive the view.   Threads: immutable, share freely.
// RFC 1035 3.1 (format), RFC 4343 (case), RFC 4034 6.1 (canonical order).
class NameView {
 public:
  // The root.
  constexpr NameView() noexcept = default;

  // Reads one name from the front of `wire`; what follows it is left alone. Checked here, once: all
  // else relies on it. Compression pointers are refused (Error::BadPointer).
  [[nodiscard]] static Result<NameView> parse(Bytes wire) noexcept;

  // Requires: `wire` is exactly one name that `parse` has accepted before.
  [[nodiscard]] static constexpr NameView trusted(Bytes wire) noexcept {
    return NameView(wire.data(), static_cast<std::uint8_t>(wire.size()));
  }

  [[nodiscard]] constexpr Bytes wire() const noexcept { return {data_, size_}; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }  // octets
  [[nodiscard]] constexpr bool is_root() const noexcept { return size_ == 1; }
  [[nodiscard]] constexpr bool is_wildcard()
      const noexcept {  // RFC 4592 2.1.1: "*" is the first label
    return size_ > 2 && data_[0] == 1 && data_[1] == '*';
  }
  [[nodiscard]] std::size_t label_count() const noexcept;       // the root's own label not counted
  [[nodiscard]] constexpr Bytes first_label() const noexcept {  // without its length octet
    return {data_ + 1, data_[0]};
  }
  // The name without its first label. Requires: not the root.
  [[nodiscard]] constexpr NameView parent() const noexcept {
    return NameView(data_ + data_[0] + 1, static_cast<std::uint8_t>(size_ - data_[0] - 1));
  }
  [[nodiscard]] bool is_within(NameView ancestor) const noexcept;  // itself included

  // Equal names have equal hashes, whatever their case. For tables in memory: the value depends on
  // the machine's byte order.
  [[nodiscard]] std::uint64_t hash() const noexcept;

  // Presentation format with a final dot, escapes as in RFC 1035 5.1; the root is ".".
  [[nodiscard]] std::string to_text() const;

  friend bool operator==(NameView a, NameView b) noexcept;                 // ASCII case ignored
  friend std::weak_ordering operator<=>(NameView a, NameView b) noexcept;  // canonical order

 private:
  constexpr NameView(const std::uint8_t* data, std::uint8_t size) noexcept
      : data_(data), size_(size) {}

  static constexpr std::uint8_t kRoot[1] = {0};
  const std::uint8_t* data_ = kRoot;
  std::uint8_t size_ = 1;
};

inline Result<NameView> NameView::parse(Bytes wire) noexcept {
  std::size_t at = 0;
  while (at < wire.size()) {
    const std::uint8_t length = wire[at];
    if (length > kMaxLabelSize) {
      return tl::unexpected(length >= 0xc0 ? Error::BadPointer : Error::BadLabelType);
    }
    at += length + std::size_t{1};
    if (at > kMaxNameSize) return tl::unexpected(Error::NameTooLong);
    if (length == 0) return NameView(wire.data(), static_cast<std::uint8_t>(at));
  }
  return tl::unexpected(Error::Truncated);
}

// Where the name that starts at `offset` of `message` ends, pointers allowed and not followed.
// For names that are skipped, not read.
[[nodiscard]] Result<std::size_t> skip_name(Bytes message, std::size_t offset) noexcept;

}  // namespace dnswire
