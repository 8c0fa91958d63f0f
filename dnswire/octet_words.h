// Octets of names, eight at a time.
#pragma once

#include <cstdint>
#include <cstring>

namespace dnswire {

inline constexpr std::size_t kWordSize = sizeof(std::uint64_t);

// Requires: eight octets at `from`.
[[nodiscard]] inline std::uint64_t load_word(const std::uint8_t* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// A-Z made a-z. Length octets are below 'A' and stay as they are, so that whole names can be
// treated as one string. The sums cannot carry into the next octet: 0x7f + 0x3f < 0x100.
[[nodiscard]] constexpr std::uint64_t lowered(std::uint64_t word) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  const std::uint64_t seven_bits = word & (0x7f * kOnes);
  const std::uint64_t at_least_a = seven_bits + (0x80 - 'A') * kOnes;
  const std::uint64_t above_z = seven_bits + (0x7f - 'Z') * kOnes;
  const std::uint64_t upper = (at_least_a ^ above_z) & ~word & (0x80 * kOnes);
  return word | (upper >> 2);
}

// Cheaper than a call where there is little to copy. Requires: eight octets or more.
inline void copy_words(std::uint8_t* to, const std::uint8_t* from, std::size_t size) noexcept {
  constexpr std::size_t kLittle = 64;
  if (size > kLittle) {
    std::memcpy(to, from, size);
    return;
  }
  for (std::size_t at = 0; at + kWordSize < size; at += kWordSize) {
    std::memcpy(to + at, from + at, kWordSize);
  }
  std::memcpy(to + size - kWordSize, from + size - kWordSize, kWordSize);  // may overlap
}

}  // namespace dnswire
