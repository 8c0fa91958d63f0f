#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "dnswire/bytes.h"
#include "dnswire/rr_type.h"

namespace zones {

// The records of one name and type (RFC 2181 5), borrowed from a Zone. Iterates over their RDATA,
// uncompressed.
class RrSet {
 public:
  constexpr RrSet() noexcept = default;
  // `packed`: for each record two octets of length, then its RDATA. Requires: well-formed.
  constexpr RrSet(dnswire::RrType type, dnswire::Ttl ttl, dnswire::Bytes packed) noexcept
      : packed_(packed), ttl_(ttl), type_(type) {}

  [[nodiscard]] constexpr dnswire::RrType type() const noexcept { return type_; }
  [[nodiscard]] constexpr dnswire::Ttl ttl() const noexcept { return ttl_; }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = dnswire::Bytes;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = dnswire::Bytes;

    constexpr explicit Iterator(const std::uint8_t* at) noexcept : at_(at) {}
    constexpr dnswire::Bytes operator*() const noexcept { return {at_ + 2, dnswire::load16(at_)}; }
    constexpr Iterator& operator++() noexcept {
      at_ += 2 + dnswire::load16(at_);
      return *this;
    }
    friend constexpr bool operator==(Iterator, Iterator) noexcept = default;

   private:
    const std::uint8_t* at_;
  };
  [[nodiscard]] constexpr Iterator begin() const noexcept { return Iterator(packed_.data()); }
  [[nodiscard]] constexpr Iterator end() const noexcept {
    return Iterator(packed_.data() + packed_.size());
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(std::distance(begin(), end()));
  }

 private:
  dnswire::Bytes packed_;
  dnswire::Ttl ttl_{0};
  dnswire::RrType type_ = dnswire::RrType::A;
};

}  // namespace zones
