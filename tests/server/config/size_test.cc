#include "server/config/size.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace config {
namespace {

using testing::HasSubstr;

TEST(Size, ReadsANumberWithItsUnit) {
  EXPECT_EQ(parse_size("512B").value(), 512U);
  EXPECT_EQ(parse_size("128KiB").value(), 131'072U);
  EXPECT_EQ(parse_size("4MiB").value(), 4U << 20);
  EXPECT_EQ(parse_size("2GiB").value(), std::uint64_t{2} << 30);
  EXPECT_EQ(parse_size("0B").value(), 0U);
  EXPECT_EQ(parse_size("1024GiB").value(), std::uint64_t{1} << 40);
}

TEST(Size, RefusesWhatIsNoSize) {
  EXPECT_THAT(parse_size("128").error(), "`128` has no unit, write for example `128KiB`");
  EXPECT_THAT(parse_size("").error(), HasSubstr("is not a size, write for example"));
  EXPECT_THAT(parse_size("large").error(), HasSubstr("is not a size"));
  EXPECT_THAT(parse_size("-1KiB").error(), HasSubstr("is not a size"));
  EXPECT_THAT(parse_size("4MB").error(), "`4MB` has `MB` where one of B, KiB, MiB, GiB belongs");
  EXPECT_THAT(parse_size("4 MiB").error(), HasSubstr("where one of"));
  EXPECT_THAT(parse_size("1.5MiB").error(), HasSubstr("where one of"));
  EXPECT_THAT(parse_size("1025GiB").error(), HasSubstr("is too large"));
  EXPECT_THAT(parse_size("99999999999999999999B").error(), HasSubstr("is too large"));
}

TEST(Size, IsWrittenInTheLargestUnitThatFits) {
  for (const char* text : {"0B", "1B", "1023B", "1KiB", "128KiB", "4MiB", "3GiB"}) {
    EXPECT_EQ(to_size_text(parse_size(text).value()), text);
  }
  EXPECT_EQ(to_size_text(1536), "1536B");
}

}  // namespace
}  // namespace config
