#include "dnswire/type_bitmap.h"

#include <array>
#include <span>

#include "dnswire/rr_type.h"

namespace dnswire {
namespace {

constexpr std::size_t kWindowSize = 32;  // octets: 256 types

void append_window(std::vector<std::uint8_t>& rdata, std::size_t number, Bytes window) {
  std::size_t size = window.size();
  while (size > 0 && window[size - 1] == 0) --size;
  if (size == 0) return;
  rdata.push_back(static_cast<std::uint8_t>(number));
  rdata.push_back(static_cast<std::uint8_t>(size));
  rdata.insert(rdata.end(), window.begin(), window.begin() + static_cast<std::ptrdiff_t>(size));
}

}  // namespace

Result<void> check_type_bitmap(Bytes bitmap) noexcept {
  int last_window = -1;
  while (!bitmap.empty()) {
    if (bitmap.size() < 2) return tl::unexpected(Error::Truncated);
    const std::size_t size = bitmap[1];
    if (bitmap[0] <= last_window || size == 0 || size > kWindowSize) {
      return tl::unexpected(Error::BadRdata);
    }
    if (bitmap.size() - 2 < size) return tl::unexpected(Error::Truncated);
    if (bitmap[1 + size] == 0) return tl::unexpected(Error::BadRdata);
    last_window = bitmap[0];
    bitmap = bitmap.subspan(2 + size);
  }
  return {};
}

void append_type_bitmap(std::string& text, Bytes bitmap) {
  for (bool first = true; !bitmap.empty();) {
    const std::size_t size = bitmap[1];
    for (std::size_t bit = 0; bit < 8 * size; ++bit) {
      if ((bitmap[2 + bit / 8] >> (7 - bit % 8) & 1) == 0) continue;
      if (!first) text += ' ';
      first = false;
      text += to_text(static_cast<RrType>(bitmap[0] * 256 + bit));
    }
    bitmap = bitmap.subspan(2 + size);
  }
}

Result<void> read_type_bitmap(Words& words, std::vector<std::uint8_t>& rdata) {
  std::array<std::uint8_t, 256 * kWindowSize> all{};
  while (!words.at_end()) {
    const auto word = words.take_plain();
    if (!word) return tl::unexpected(word.error());
    const auto type = rr_type_from_text(*word);
    if (!type) return tl::unexpected(type.error());
    const auto number = static_cast<std::size_t>(*type);
    all[number / 8] = static_cast<std::uint8_t>(all[number / 8] | 0x80U >> number % 8);
  }
  for (std::size_t window = 0; window < 256; ++window) {
    append_window(rdata, window, Bytes(all).subspan(window * kWindowSize, kWindowSize));
  }
  return {};
}

}  // namespace dnswire
