#include "dnswire/name_view.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "dnswire/octet_words.h"
#include "dnswire/presentation.h"

namespace dnswire {
namespace {

std::uint64_t load_lowered(const std::uint8_t* from) noexcept { return lowered(load_word(from)); }

// One to seven octets, so that equal words mean equal octets for one and the same size.
std::uint64_t load_short(const std::uint8_t* from, std::size_t size) noexcept {
  if (size < 4) {
    return lowered(std::uint64_t{from[0]} | std::uint64_t{from[size / 2]} << 8 |
                   std::uint64_t{from[size - 1]} << 16);
  }
  return lowered(std::uint64_t{load32(from)} << 32 | load32(from + size - 4));
}

constexpr std::uint64_t mix(std::uint64_t state, std::uint64_t word) noexcept {
  state = (state ^ word) * 0x9e3779b97f4a7c15;
  return state ^ (state >> 32);
}

bool equal_ignoring_case(const std::uint8_t* a, const std::uint8_t* b, std::size_t size) noexcept {
  if (size < kWordSize) return load_short(a, size) == load_short(b, size);
  for (std::size_t at = 0; at + kWordSize < size; at += kWordSize) {
    if (load_lowered(a + at) != load_lowered(b + at)) return false;
  }
  return load_lowered(a + size - kWordSize) == load_lowered(b + size - kWordSize);  // may overlap
}

// Where the labels of a name start, the root's not counted.
struct LabelStarts {
  explicit LabelStarts(Bytes wire) noexcept {
    for (std::size_t at = 0; wire[at] != 0; at += wire[at] + std::size_t{1}) {
      starts[count++] = static_cast<std::uint8_t>(at);
    }
  }
  std::array<std::uint8_t, kMaxLabelCount> starts;  // only the first `count` are set
  std::size_t count = 0;
};

// Left-justified unsigned octets, absence before zero. RFC 4034 6.1.
std::weak_ordering compare_labels(const std::uint8_t* a, const std::uint8_t* b) noexcept {
  const std::size_t common = std::min(a[0], b[0]);
  for (std::size_t i = 1; i <= common; ++i) {
    const std::uint8_t x = to_lower(a[i]);
    const std::uint8_t y = to_lower(b[i]);
    if (x != y) return x <=> y;
  }
  return a[0] <=> b[0];
}

void append_label(std::string& text, Bytes label) {
  // What means something in a master file, wherever in a line it stands. RFC 1035 5.1.
  constexpr std::string_view kSpecial = ".\\\"();@$";
  for (const std::uint8_t octet : label) {
    if (!is_graphic(octet)) {
      append_decimal_escape(text, octet);
      continue;
    }
    const char character = static_cast<char>(octet);
    if (kSpecial.find(character) != std::string_view::npos) text += '\\';
    text += character;
  }
}

}  // namespace

std::size_t NameView::label_count() const noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; data_[at] != 0; at += data_[at] + std::size_t{1}) ++count;
  return count;
}

bool NameView::is_within(NameView ancestor) const noexcept {
  // Only where a label starts may the tails be compared: "notexample." is not within "example.".
  std::size_t at = 0;
  while (size_ - at > ancestor.size_) at += data_[at] + std::size_t{1};
  return size_ - at == ancestor.size_ &&
         equal_ignoring_case(data_ + at, ancestor.data_, ancestor.size_);
}

std::uint64_t NameView::hash() const noexcept {
  std::uint64_t state = size_;
  if (size_ < kWordSize) {
    state = mix(state, load_short(data_, size_));
  } else {
    for (std::size_t at = 0; at + kWordSize < size_; at += kWordSize) {
      state = mix(state, load_lowered(data_ + at));
    }
    state = mix(state, load_lowered(data_ + size_ - kWordSize));  // may overlap
  }
  return mix(state, state >> 29);
}

std::string NameView::to_text() const {
  if (is_root()) return ".";
  std::string text;
  text.reserve(size_);
  for (NameView rest = *this; !rest.is_root(); rest = rest.parent()) {
    append_label(text, rest.first_label());
    text += '.';
  }
  return text;
}

bool operator==(NameView a, NameView b) noexcept {
  return a.size_ == b.size_ && equal_ignoring_case(a.data_, b.data_, a.size_);
}

std::weak_ordering operator<=>(NameView a, NameView b) noexcept {
  const LabelStarts in_a(a.wire());
  const LabelStarts in_b(b.wire());
  const std::size_t common = std::min(in_a.count, in_b.count);
  for (std::size_t i = 1; i <= common; ++i) {
    const auto order = compare_labels(a.data_ + in_a.starts[in_a.count - i],
                                      b.data_ + in_b.starts[in_b.count - i]);
    if (std::is_neq(order)) return order;
  }
  return in_a.count <=> in_b.count;
}

Result<std::size_t> skip_name(Bytes message, std::size_t offset) noexcept {
  std::size_t size = 0;
  std::size_t at = offset;
  while (at < message.size()) {
    const std::uint8_t length = message[at];
    if (length >= 0xc0) {
      if (message.size() - at < 2) break;
      return at + 2;
    }
    if (length > kMaxLabelSize) return tl::unexpected(Error::BadLabelType);
    at += length + std::size_t{1};
    size += length + std::size_t{1};
    if (size > kMaxNameSize) return tl::unexpected(Error::NameTooLong);
    if (length == 0) return at;
  }
  return tl::unexpected(Error::Truncated);
}

}  // namespace dnswire
