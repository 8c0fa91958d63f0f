#include "dnswire/presentation.h"

#include <gtest/gtest.h>

namespace dnswire {
namespace {

TEST(Presentation, EveryOctetIsReadBackFromItsDecimalEscape) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    std::string text;
    append_decimal_escape(text, static_cast<std::uint8_t>(octet));
    ASSERT_EQ(text.size(), 4U);
    std::size_t at = 0;
    EXPECT_EQ(read_octet(text, at), octet);
    EXPECT_EQ(at, 4U);
  }
}

TEST(Presentation, RefusesEscapesThatAreNone) {
  for (const char* text : {"\\", "\\256", "\\999", "\\1", "\\12", "\\1a2", "\\12-"}) {
    std::size_t at = 0;
    EXPECT_EQ(read_octet(text, at), tl::unexpected(Error::BadEscape)) << text;
  }
}

TEST(Presentation, NumbersAreDigitsAlone) {
  EXPECT_EQ(read_number("0", 9), 0U);
  EXPECT_EQ(read_number("0009", 9), 9U);
  EXPECT_EQ(read_number("4294967295", 0xffffffff), 0xffffffffU);
  EXPECT_EQ(read_number("10", 9), tl::unexpected(Error::NumberTooLarge));
  EXPECT_EQ(read_number("4294967296", 0xffffffff), tl::unexpected(Error::NumberTooLarge));
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "0x1", "1.0", "99999999999999x"}) {
    EXPECT_EQ(read_number(text, 9), tl::unexpected(Error::BadNumber)) << text;
  }
}

}  // namespace
}  // namespace dnswire
