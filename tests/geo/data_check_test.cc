#include "geo/data_check.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "mmdb_writer.h"

namespace geo {
namespace {

using namespace std::string_literals;

bool check(const std::string& section, std::size_t offset = 0) {
  return is_decodable({reinterpret_cast<const std::uint8_t*>(section.data()), section.size()},
                      offset);
}

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (; count > 0; --count) out += text;
  return out;
}

TEST(IsDecodable, AcceptsEveryTypeOfValue) {
  EXPECT_TRUE(check(encode_value("text")));
  EXPECT_TRUE(check(encode_value(std::string(300, 'x'))));
  EXPECT_TRUE(check(encode_value(1.5)));
  EXPECT_TRUE(check(encode_value(1.5F)));
  EXPECT_TRUE(check(encode_value(std::uint16_t{7})));
  EXPECT_TRUE(check(encode_value(std::uint32_t{70000})));
  EXPECT_TRUE(check(encode_value(std::numeric_limits<std::uint64_t>::max())));
  EXPECT_TRUE(check(encode_value(true)));
  EXPECT_TRUE(check(encode_value(MmdbArray{"a", MmdbMap{{"a", "b"}}})));
}

TEST(IsDecodable, RefusesWhatEndsTooEarly) {
  const std::string whole =
      encode_value(MmdbMap{{"name", std::string(300, 'x')}, {"list", MmdbArray{1.5, "name"}}});
  ASSERT_TRUE(check(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(check(whole.substr(0, size))) << size;
  }
}

TEST(IsDecodable, RefusesOffsetsBehindTheEnd) {
  EXPECT_TRUE(check("\x41x"s, 0));
  EXPECT_FALSE(check("\x41x"s, 2));
  EXPECT_FALSE(check("\x41x"s, std::numeric_limits<std::size_t>::max()));
  EXPECT_FALSE(check(""s));
}

TEST(IsDecodable, RefusesTypesThatDoNotExist) {
  EXPECT_FALSE(check("\x00\x05"s));  // 12, a cache container
  EXPECT_FALSE(check("\x00\x06"s));  // 13, an end marker
  EXPECT_TRUE(check("\x00\x07"s));   // 14, false
  EXPECT_FALSE(check("\x00\x09"s));  // 16
}

TEST(IsDecodable, FollowsPointersOfEverySize) {
  EXPECT_TRUE(check("\x20\x02\x41x"s));
  EXPECT_FALSE(check("\x20\x04\x41x"s));
  EXPECT_TRUE(check("\x28\x00\x00"s + std::string(2045, '\0') + "\x41x"s));
  EXPECT_FALSE(check("\x28\x00\x00"s + std::string(2045, '\0')));
  EXPECT_TRUE(check("\x30\x00\x00\x00"s + std::string(526332, '\0') + "\x41x"s));
  EXPECT_FALSE(check("\x30\x00\x00\x01"s + std::string(526332, '\0') + "\x41"s));
  EXPECT_TRUE(check("\x38\x00\x00\x00\x05\x41x"s));
  EXPECT_FALSE(check("\x38\xFF\xFF\xFF\xFF\x41x"s));
}

TEST(IsDecodable, RefusesPointersToPointers) { EXPECT_FALSE(check("\x20\x02\x20\x04\x41x"s)); }

TEST(IsDecodable, RefusesCircles) {
  EXPECT_FALSE(check("\x20\x00"s));           // to itself
  EXPECT_FALSE(check("\x01\x04\x20\x00"s));   // an array that contains itself
  EXPECT_FALSE(check("\xE1\x41x\x20\x00"s));  // a map that contains itself
}

TEST(IsDecodable, LimitsTheDepth) {
  EXPECT_TRUE(check(repeated("\x01\x04"s, 32) + "\x41x"));
  EXPECT_FALSE(check(repeated("\x01\x04"s, 33) + "\x41x"));
  EXPECT_FALSE(check(repeated("\x01\x04"s, 1'000'000) + "\x41x"));
}

TEST(IsDecodable, LimitsTheNumberOfValues) {
  const std::string head = "\x1E\x04\x20\x00"s;  // an array of 285 + 8192
  EXPECT_TRUE(check(head + repeated("\x41x"s, 285 + 8192)));
  const std::string larger = "\x1E\x04\x27\x10"s;  // 285 + 10000
  EXPECT_FALSE(check(larger + repeated("\x41x"s, 285 + 10000)));
}

TEST(IsDecodable, IsNotDrawnIntoPointersThatFanOut) {
  // Each array points twice to the next one: 2^24 values in 150 octets.
  std::string section;
  for (int i = 0; i < 24; ++i) {
    const char next = static_cast<char>(section.size() + 6);
    section += "\x02\x04\x20"s + next + "\x20"s + next;
  }
  EXPECT_FALSE(check(section + "\x41x"s));
}

}  // namespace
}  // namespace geo
