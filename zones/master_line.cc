#include "zones/master_line.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace zones {

using dnswire::NameView;
using dnswire::RrType;
using dnswire::Ttl;

namespace {

constexpr auto make_plain() {
  std::array<bool, 256> plain{};
  for (const char character :
       std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789-_*/")) {
    plain[static_cast<std::uint8_t>(character)] = true;
  }
  return plain;
}
constexpr std::array<bool, 256> kPlain = make_plain();  // characters of labels

constexpr bool is_blank(char character) {
  return character == ' ' || character == '\t' || character == '\r';
}

constexpr bool is_digit(char character) { return character >= '0' && character <= '9'; }

// `capitals` are letters.
bool is_word(std::string_view word, std::string_view capitals) noexcept {
  return std::ranges::equal(word, capitals, {},
                            [](char c) { return static_cast<char>(c & ~0x20); });
}

std::optional<RrType> type_of(std::string_view word) noexcept {
  struct Row {
    std::string_view text;
    RrType type;
  };
  static constexpr std::array kRows{Row{"A", RrType::A},         Row{"AAAA", RrType::AAAA},
                                    Row{"NS", RrType::NS},       Row{"MX", RrType::MX},
                                    Row{"CNAME", RrType::CNAME}, Row{"PTR", RrType::PTR}};
  for (const Row& row : kRows) {
    if (is_word(word, row.text)) return row.type;
  }
  return std::nullopt;
}

// The whole word, digits alone.
std::optional<std::uint32_t> number_of(std::string_view word, std::uint32_t largest) noexcept {
  std::uint32_t number = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc{} || stop != end || number > largest) return std::nullopt;
  return number;
}

}  // namespace

void NameBuffer::assign(NameView name) noexcept {
  std::ranges::copy(name.wire(), octets_.begin());
  size_ = static_cast<std::uint8_t>(name.size());
}

bool NameBuffer::read_plain(std::string_view text, NameView origin) noexcept {
  if (text == "@") {
    assign(origin);
    return true;
  }
  // Each character is one octet at most, and one octet more comes in front of all.
  if (text.empty() || text.size() + 1 + origin.size() > octets_.size()) return false;
  std::size_t label = 0;  // where its length belongs
  std::size_t at = 1;
  for (const char character : text) {
    if (character == '.') {
      const std::size_t size = at - label - 1;
      if (size == 0 || size > dnswire::kMaxLabelSize) return false;
      octets_[label] = static_cast<std::uint8_t>(size);
      label = at++;
      continue;
    }
    if (!kPlain[static_cast<std::uint8_t>(character)]) return false;
    octets_[at++] = static_cast<std::uint8_t>(character);
  }
  const std::size_t size = at - label - 1;
  if (size > dnswire::kMaxLabelSize) return false;
  octets_[label] = static_cast<std::uint8_t>(size);
  if (size > 0) {
    std::ranges::copy(origin.wire(), octets_.begin() + static_cast<std::ptrdiff_t>(at));
    at += origin.size();
  }
  size_ = static_cast<std::uint8_t>(at);
  return true;
}

bool MasterLine::read(std::string_view text, NameView origin) noexcept {
  begin_ = at_ = text.data();
  end_ = begin_ + text.size();
  if (text.empty()) return false;
  owner_text_ = {};
  if (!is_blank(*at_)) owner_text_ = word();
  return read_head() && read_data(origin) && read_line_end();
}

// The next word of the line; empty at its end.
std::string_view MasterLine::word() noexcept {
  while (at_ != end_ && is_blank(*at_)) ++at_;
  const char* const start = at_;
  while (at_ != end_ && !is_blank(*at_) && *at_ != '\n' && *at_ != ';') ++at_;
  return {start, static_cast<std::size_t>(at_ - start)};
}

// TTL and class, in either order, and the type.
bool MasterLine::read_head() noexcept {
  ttl_.reset();
  bool has_class = false;
  std::string_view next = word();
  first_ = owner_text_.empty() ? next.data() : owner_text_.data();
  for (;; next = word()) {
    if (next.empty()) return false;
    if (!ttl_ && is_digit(next.front())) {
      const auto seconds = number_of(next, dnswire::kMaxTtl.count());
      if (!seconds) return false;
      ttl_ = Ttl(*seconds);
    } else if (!has_class && is_word(next, "IN")) {
      has_class = true;
    } else {
      break;
    }
  }
  const auto type = type_of(next);
  type_ = type.value_or(RrType::A);
  return type.has_value();
}

bool MasterLine::read_data(NameView origin) noexcept {
  switch (type_) {
    case RrType::A:
      return read_address(dnswire::Family::V4);
    case RrType::AAAA:
      return read_address(dnswire::Family::V6);
    case RrType::MX: {
      const auto preference = number_of(word(), 0xffff);
      if (!preference) return false;
      dnswire::store16(rdata_.data(), static_cast<std::uint16_t>(*preference));
      return read_name(2, origin);
    }
    default:
      return read_name(0, origin);
  }
}

bool MasterLine::read_address(dnswire::Family family) noexcept {
  const auto address = dnswire::IpAddress::from_text(word());
  if (!address || address->family() != family) return false;
  rdata_size_ = address->octets().size();
  std::ranges::copy(address->octets(), rdata_.begin());
  return true;
}

// The name that ends the RDATA, behind so many octets.
bool MasterLine::read_name(std::size_t behind, NameView origin) noexcept {
  NameBuffer name;
  if (!name.read_plain(word(), origin)) return false;
  const dnswire::Bytes wire = name.view().wire();
  std::ranges::copy(wire, rdata_.begin() + static_cast<std::ptrdiff_t>(behind));
  rdata_size_ = behind + wire.size();
  return true;
}

// Nothing but blanks and a comment, and the end of the line or of the text.
bool MasterLine::read_line_end() noexcept {
  if (!word().empty()) return false;
  const auto left = static_cast<std::size_t>(end_ - at_);
  const void* const newline = left == 0 ? nullptr : std::memchr(at_, '\n', left);
  at_ = newline == nullptr ? end_ : static_cast<const char*>(newline) + 1;
  return true;
}

}  // namespace zones
