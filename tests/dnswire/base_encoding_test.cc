#include "dnswire/base_encoding.h"

#include <gtest/gtest.h>

#include "random.h"

namespace dnswire {
namespace {

using Octets = std::vector<std::uint8_t>;
using Read = Result<void> (*)(std::string_view, Octets&);
using Write = void (*)(std::string&, Bytes);

std::string written(Write write, std::string_view text) {
  std::string result;
  write(result, Octets(text.begin(), text.end()));
  return result;
}

std::string read(Read read, std::string_view text) {
  Octets octets;
  const auto done = read(text, octets);
  return done ? std::string(octets.begin(), octets.end()) : "malformed";
}

TEST(BaseEncoding, WritesTheExamplesOfRfc4648Section10) {
  EXPECT_EQ(written(append_base64, ""), "");
  EXPECT_EQ(written(append_base64, "f"), "Zg==");
  EXPECT_EQ(written(append_base64, "fo"), "Zm8=");
  EXPECT_EQ(written(append_base64, "foo"), "Zm9v");
  EXPECT_EQ(written(append_base64, "foobar"), "Zm9vYmFy");
  EXPECT_EQ(written(append_base32hex, "f"), "co");
  EXPECT_EQ(written(append_base32hex, "fo"), "cpng");
  EXPECT_EQ(written(append_base32hex, "foo"), "cpnmu");
  EXPECT_EQ(written(append_base32hex, "foob"), "cpnmuog");
  EXPECT_EQ(written(append_base32hex, "foobar"), "cpnmuoj1e8");
  EXPECT_EQ(written(append_hex, "foobar"), "666F6F626172");
}

TEST(BaseEncoding, IsReadBack) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (std::size_t size = 0; size < 100; ++size) {
    const Octets octets = random.octets(size);
    const std::string raw(octets.begin(), octets.end());
    EXPECT_EQ(read(read_base64, written(append_base64, raw)), raw);
    EXPECT_EQ(read(read_base32hex, written(append_base32hex, raw)), raw);
    EXPECT_EQ(read(read_hex, written(append_hex, raw)), raw);
  }
}

TEST(BaseEncoding, IgnoresTheCaseOfHexadecimalDigitsAndBase32) {
  EXPECT_EQ(read(read_hex, "666f6F"), "foo");
  EXPECT_EQ(read(read_base32hex, "CPNMU"), "foo");
}

TEST(BaseEncoding, RefusesBase64ThatDoesNotAddUp) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Z===", "Zm9v=",
                           "Zg==Zg==", "Zh==", "Zm9=", "Zm9v!mFy", "Zm9v Zm9v", "Zm-_", "=Zg="}) {
    EXPECT_EQ(read(read_base64, text), "malformed") << text;
  }
}

TEST(BaseEncoding, RefusesOddDigitsPaddingAndBitsLeftOver) {
  for (const char* text : {"a", "abc", "xy", "0x", "a ", "+1"}) {
    EXPECT_EQ(read(read_hex, text), "malformed") << text;
  }
  for (const char* text : {"c", "cp0", "cpn", "cp", "cpnw", "co======", "c o"}) {
    EXPECT_EQ(read(read_base32hex, text), "malformed") << text;
  }
}

}  // namespace
}  // namespace dnswire
