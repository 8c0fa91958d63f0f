#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "dnswire/bytes.h"
#include "dnswire/rr_type.h"

namespace zones {

// What stands in front of RDATA in a record as it is sent, where its owner is the name that was
// asked for: a pointer to the question, TYPE, CLASS, TTL, RDLENGTH. RFC 1035 4.1.3, 4.1.4.
inline constexpr std::size_t kRecordHead = 12;
inline constexpr std::size_t kTtlInRecord = 6;  // where the TTL is

// Writes a head; class IN. Requires: kRecordHead octets.
constexpr void put_record_head(std::uint8_t* to, dnswire::RrType type, dnswire::Ttl ttl,
                               std::size_t rdata_size) noexcept {
  dnswire::store16(to, 0xc00c);
  dnswire::store16(to + 2, static_cast<std::uint16_t>(type));
  dnswire::store16(to + 4, static_cast<std::uint16_t>(dnswire::RrClass::IN));
  dnswire::store32(to + kTtlInRecord, ttl.count());
  dnswire::store16(to + 10, static_cast<std::uint16_t>(rdata_size));
}

// The records of one name and type (RFC 2181 5), borrowed from a Zone. Iterates over their RDATA,
// uncompressed.
class RrSet {
 public:
  constexpr RrSet() noexcept = default;
  // `records`: each a head and its RDATA. Requires: well-formed.
  constexpr RrSet(dnswire::RrType type, dnswire::Ttl ttl, dnswire::Bytes records) noexcept
      : records_(records), ttl_(ttl), type_(type) {}

  [[nodiscard]] constexpr dnswire::RrType type() const noexcept { return type_; }
  [[nodiscard]] constexpr dnswire::Ttl ttl() const noexcept { return ttl_; }
  // As they are sent in answer to their name.
  [[nodiscard]] constexpr dnswire::Bytes records() const noexcept { return records_; }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = dnswire::Bytes;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = dnswire::Bytes;

    constexpr explicit Iterator(const std::uint8_t* at) noexcept : at_(at) {}
    constexpr dnswire::Bytes operator*() const noexcept {
      return {at_ + kRecordHead, rdata_size()};
    }
    constexpr Iterator& operator++() noexcept {
      at_ += kRecordHead + rdata_size();
      return *this;
    }
    friend constexpr bool operator==(Iterator, Iterator) noexcept = default;

   private:
    [[nodiscard]] constexpr std::size_t rdata_size() const noexcept {
      return dnswire::load16(at_ + kRecordHead - 2);
    }
    const std::uint8_t* at_;
  };
  [[nodiscard]] constexpr Iterator begin() const noexcept { return Iterator(records_.data()); }
  [[nodiscard]] constexpr Iterator end() const noexcept {
    return Iterator(records_.data() + records_.size());
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(std::distance(begin(), end()));
  }

 private:
  dnswire::Bytes records_;
  dnswire::Ttl ttl_{0};
  dnswire::RrType type_ = dnswire::RrType::A;
};

}  // namespace zones
