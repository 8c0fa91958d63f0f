#include "dnswire/siphash.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace dnswire {
namespace {

using Hash = std::array<std::uint8_t, 8>;

// The vectors that the authors publish: key 00 01 ... 0f, messages 00, 00 01, 00 01 02 ...
Hash hash_of_length(std::size_t size) {
  std::array<std::uint8_t, 16> key;
  std::iota(key.begin(), key.end(), std::uint8_t{0});
  std::vector<std::uint8_t> message(size);
  std::iota(message.begin(), message.end(), std::uint8_t{0});
  return siphash24(key, message);
}

TEST(Siphash24, GivesThePublishedVectors) {
  EXPECT_EQ(hash_of_length(0), (Hash{0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72}));
  EXPECT_EQ(hash_of_length(1), (Hash{0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74}));
  EXPECT_EQ(hash_of_length(8), (Hash{0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93}));
  EXPECT_EQ(hash_of_length(15), (Hash{0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1}));
  EXPECT_EQ(hash_of_length(63), (Hash{0x72, 0x45, 0x06, 0xeb, 0x4c, 0x32, 0x8a, 0x95}));
}

}  // namespace
}  // namespace dnswire
