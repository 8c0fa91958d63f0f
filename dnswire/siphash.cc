#include "dnswire/siphash.h"

#include <bit>

namespace dnswire {
namespace {

std::uint64_t load_little(const std::uint8_t* from, std::size_t octets) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < octets; ++i) value |= std::uint64_t{from[i]} << (8 * i);
  return value;
}

struct State {
  std::uint64_t v0, v1, v2, v3;

  void mix(int rounds) noexcept {
    for (; rounds > 0; --rounds) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  }
  void absorb(std::uint64_t word) noexcept {
    v3 ^= word;
    mix(2);
    v0 ^= word;
  }
};

}  // namespace

std::array<std::uint8_t, 8> siphash24(const std::array<std::uint8_t, 16>& key,
                                      Bytes message) noexcept {
  const std::uint64_t k0 = load_little(key.data(), 8);
  const std::uint64_t k1 = load_little(key.data() + 8, 8);
  State state{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
              k1 ^ 0x7465646279746573};
  const std::size_t size = message.size();
  const std::uint8_t* at = message.data();
  for (std::size_t left = size / 8; left > 0; --left, at += 8) state.absorb(load_little(at, 8));
  state.absorb(load_little(at, size % 8) | std::uint64_t{size & 0xff} << 56);
  state.v2 ^= 0xff;
  state.mix(4);
  const std::uint64_t hash = state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
  std::array<std::uint8_t, 8> result;
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = static_cast<std::uint8_t>(hash >> (8 * i));
  }
  return result;
}

}  // namespace dnswire
