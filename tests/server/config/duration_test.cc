#include "server/config/duration.h"

#include <gmock/gmock.h>

namespace config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Duration, ReadsNumbersWithUnits) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("5s"), 5s);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("2d"), 48h);
  EXPECT_EQ(parse_duration("1w"), 168h);
  EXPECT_EQ(parse_duration("0s"), 0s);
  EXPECT_EQ(parse_duration("1m500ms"), 60500ms);
}

TEST(Duration, AsksForAUnit) {
  EXPECT_EQ(parse_duration("60").error(), "`60` has no unit, write `60s`");
  EXPECT_EQ(parse_duration("1m30").error(), "`1m30` has no unit, write `1m30s`");
}

TEST(Duration, RefusesWhatIsNone) {
  for (const char* text :
       {"", "s", "-5s", "+5s", " 5s", "5 s", "5x", "1.5s", "5s1h", "5s5s", "1h m"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_THAT(parse_duration("soon").error(), HasSubstr("is not a duration"));
}

TEST(Duration, RefusesMoreThanTheLongestTtl) {
  EXPECT_EQ(parse_duration("2147483647s"), 2147483647s);
  EXPECT_THAT(parse_duration("2147483648s").error(), HasSubstr("too long"));
  EXPECT_THAT(parse_duration("99999999999999999999s").error(), HasSubstr("too long"));
  EXPECT_THAT(parse_duration("9999999999w").error(), HasSubstr("too long"));
}

TEST(Duration, WritesWhatItReads) {
  for (const char* text : {"0s", "1ms", "5s", "1m30s", "2h", "1d1s", "3w500ms"}) {
    EXPECT_EQ(to_text(*parse_duration(text)), text);
  }
}

}  // namespace
}  // namespace config
