#include "dnswire/search_name.h"

#include <algorithm>
#include <bit>

#include "dnswire/octet_words.h"
#include "dnswire/presentation.h"

namespace dnswire {
namespace {

// The first `size` octets of a word as it lies in memory, 1 to 8.
constexpr std::uint64_t front_of(std::uint64_t word, std::size_t size) noexcept {
  const std::size_t rest = 64 - 8 * size;
  const bool little = std::endian::native == std::endian::little;
  return word & (little ? ~std::uint64_t{0} >> rest : ~std::uint64_t{0} << rest);
}

// One to one for each word, so that names of one size and up to eight octets a label never meet.
constexpr std::uint64_t mix(std::uint64_t state, std::uint64_t word) noexcept {
  state = (state ^ word) * 0x9e3779b97f4a7c15;
  return state ^ (state >> 32);
}

// A label, its length octet included.
std::uint64_t mix_label(std::uint64_t state, const std::uint8_t* label) noexcept {
  std::size_t size = std::size_t{*label} + 1;
  for (; size > kWordSize; size -= kWordSize, label += kWordSize) {
    state = mix(state, load_word(label));
  }
  return mix(state, front_of(load_word(label), size));
}

}  // namespace

SearchName::SearchName(NameView name) noexcept : name_(name) {
  fold(name.wire());
  std::size_t label = 0;
  for (; lower_[label] != 0; label += lower_[label] + std::size_t{1}) {
    starts_[labels_++] = static_cast<std::uint8_t>(label);
  }
  starts_[labels_] = static_cast<std::uint8_t>(label);
  std::uint64_t hash = 0x243f6a8885a308d3;
  hashes_[0] = hash;
  for (std::size_t suffix = 1; suffix <= labels_; ++suffix) {
    hash = mix_label(hash, &lower_[starts_[labels_ - suffix]]);
    hashes_[suffix] = hash;
  }
}

void SearchName::fold(Bytes wire) noexcept {
  const auto fold_word = [&](std::size_t at) {
    const std::uint64_t word = lowered(load_word(&wire[at]));
    std::memcpy(&lower_[at], &word, sizeof word);
  };
  std::memset(&lower_[wire.size()], 0, kSlack);
  if (wire.size() < kWordSize) {
    std::ranges::transform(wire, lower_.begin(),
                           [](std::uint8_t octet) { return to_lower(octet); });
    return;
  }
  for (std::size_t at = 0; at + kWordSize < wire.size(); at += kWordSize) fold_word(at);
  fold_word(wire.size() - kWordSize);  // may overlap
}

bool SearchName::equals_slowly(const std::uint8_t* mine, const std::uint8_t* theirs,
                               std::size_t size) noexcept {
  std::size_t at = 0;
  for (; at + kWordSize < size; at += kWordSize) {
    if (load_word(mine + at) != lowered(load_word(theirs + at))) return false;
  }
  return front_of(load_word(mine + at) ^ lowered(load_word(theirs + at)), size - at) == 0;
}

bool is_lower(NameView name) noexcept {
  return std::ranges::none_of(name.wire(),
                              [](std::uint8_t octet) { return octet >= 'A' && octet <= 'Z'; });
}

}  // namespace dnswire
