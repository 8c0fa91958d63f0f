// The fast lane of the reader of master files. Private to this folder.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dnswire/address.h"
#include "dnswire/name_view.h"
#include "dnswire/rr_type.h"

namespace zones {

// A domain name that is copied often and never grows.
class NameBuffer {
 public:
  [[nodiscard]] dnswire::NameView view() const noexcept {
    return dnswire::NameView::trusted(dnswire::Bytes(octets_).first(size_));
  }
  void assign(dnswire::NameView name) noexcept;
  // Sets it to a name written in letters, digits, `-`, `_`, `*`, `/` and dots; relative to `origin`
  // without a final dot. False, and then it is no name: anything else.
  [[nodiscard]] bool read_plain(std::string_view text, dnswire::NameView origin) noexcept;

 private:
  std::array<std::uint8_t, dnswire::kMaxNameSize> octets_{};
  std::uint8_t size_ = 1;
};

// A record that stands on one line, as nearly all of a large zone do: OWNER [TTL] [IN] TYPE DATA of
// type A, AAAA, NS, CNAME, PTR or MX, without quotes, parentheses and escapes, with whole seconds
// as TTL. Everything else, mistakes above all, is left to MasterLexer and MasterReader; what is
// read here means the same there.
//
// Borrows: the text that is read.
class MasterLine {
 public:
  // Reads the line in front of `text`. False: it is not that plain.
  [[nodiscard]] bool read(std::string_view text, dnswire::NameView origin) noexcept;

  // Of the line, its end included.
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  // Where the first word begins, in octets from the line's start.
  [[nodiscard]] std::size_t start() const noexcept {
    return static_cast<std::size_t>(first_ - begin_);
  }
  // As it is written; empty: the line begins with a blank.
  [[nodiscard]] std::string_view owner_text() const noexcept { return owner_text_; }
  [[nodiscard]] std::optional<dnswire::Ttl> ttl() const noexcept { return ttl_; }
  [[nodiscard]] dnswire::RrType type() const noexcept { return type_; }
  [[nodiscard]] dnswire::Bytes rdata() const noexcept {
    return dnswire::Bytes(rdata_).first(rdata_size_);
  }

 private:
  std::string_view word() noexcept;
  bool read_head() noexcept;
  bool read_data(dnswire::NameView origin) noexcept;
  bool read_address(dnswire::Family family) noexcept;
  bool read_name(std::size_t behind, dnswire::NameView origin) noexcept;
  bool read_line_end() noexcept;

  const char* begin_ = nullptr;
  const char* first_ = nullptr;  // of the first word
  const char* at_ = nullptr;
  const char* end_ = nullptr;  // of the text
  std::string_view owner_text_;
  std::optional<dnswire::Ttl> ttl_;
  dnswire::RrType type_ = dnswire::RrType::A;
  std::array<std::uint8_t, 2 + dnswire::kMaxNameSize> rdata_{};
  std::size_t rdata_size_ = 0;
};

}  // namespace zones
