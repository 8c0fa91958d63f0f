#include "zones/master_generate.h"

#include <gmock/gmock.h>

namespace zones {
namespace {

using testing::HasSubstr;

TEST(GenerateRange, ReadsStartStopAndStep) {
  const auto range = GenerateRange::from_text("3-10/3");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->size(), 3U);
  EXPECT_EQ(range->at(0), 3U);
  EXPECT_EQ(range->at(2), 9U);
  EXPECT_EQ(GenerateRange::from_text("7-7")->size(), 1U);
  EXPECT_EQ(GenerateRange::from_text("2147483647-2147483647")->at(0), 2147483647U);
}

TEST(GenerateRange, RefusesWhatIsNone) {
  for (const char* text : {"", "1", "1-", "-1", "9--10", "2-1", "1-3/", "1-3/0", "1-3/-1", "1-3x",
                           "1-3/1/1", "1-2147483648", "99999999999-1", " 1-2", "+1-2"}) {
    const auto range = GenerateRange::from_text(text);
    ASSERT_FALSE(range) << text;
    EXPECT_THAT(range.error(), HasSubstr("is no range; write START-STOP")) << text;
  }
}

TEST(GenerateRange, HoldsNoMoreThanA16) {
  EXPECT_EQ(GenerateRange::from_text("0-65535")->size(), kMaxGenerated);
  EXPECT_EQ(GenerateRange::from_text("0-2147483647/32768")->size(), kMaxGenerated);
  EXPECT_THAT(GenerateRange::from_text("0-65536").error(), HasSubstr("more than 65536 records"));
}

std::string expand(std::string_view text, std::uint32_t number) {
  const auto form = GenerateTemplate::from_text(text);
  if (!form) return "refused: " + form.error();
  std::string result = "left over from before";
  return form->expand(number, result) ? result : "out of range";
}

TEST(GenerateTemplate, PutsTheNumberInItsPlaces) {
  EXPECT_EQ(expand("host", 7), "host");
  EXPECT_EQ(expand("", 7), "");
  EXPECT_EQ(expand("$", 7), "7");
  EXPECT_EQ(expand("a$.b$c", 7), "a7.b7c");
  EXPECT_EQ(expand("a$$b\\$c\\\\$", 7), "a\\$b\\$c\\\\7");
}

TEST(GenerateTemplate, KnowsOffsetWidthAndBase) {
  EXPECT_EQ(expand("${0}", 7), "7");
  EXPECT_EQ(expand("${-10}.", 7), "-3.");
  EXPECT_EQ(expand("${1,3}", 7), "008");
  EXPECT_EQ(expand("${-10,4}", 7), "-003");
  EXPECT_EQ(expand("${0,0,d}", 7), "7");
  EXPECT_EQ(expand("${0,4,o}", 8), "0010");
  EXPECT_EQ(expand("${0,4,x}${0,0,X}", 171), "00abAB");
  EXPECT_EQ(expand("${-1,0,x}", 0), "ffffffff");
}

TEST(GenerateTemplate, WritesNibblesFromTheLastToTheFirst) {
  EXPECT_EQ(expand("${0,0,n}", 0x4af), "f.a.4");
  EXPECT_EQ(expand("${0,0,N}", 0x4af), "F.A.4");
  EXPECT_EQ(expand("${0,3,n}", 0x400), "0.0.4");
  EXPECT_EQ(expand("${0,7,n}", 0x4), "4.0.0.0");
  EXPECT_EQ(expand("${0,8,n}", 0x4), "4.0.0.0.");
  EXPECT_EQ(expand("${0,0,n}", 0), "0");
}

TEST(GenerateTemplate, RefusesPlacesThatAreMalformed) {
  for (const char* text : {"${", "${}", "${1", "${1,", "${1,2", "${1,-2}", "${1,2,}", "${1,2,z}",
                           "${1,2,dd}", "${1,256}", "${x}", "${1,0,dgarbage}", "${2147483648}"}) {
    EXPECT_THAT(expand(text, 1), HasSubstr("is malformed; write ${OFFSET,WIDTH,BASE}")) << text;
  }
}

TEST(GenerateTemplate, StaysWithin32Bits) {
  EXPECT_EQ(expand("${2147483647}", 0), "2147483647");
  EXPECT_EQ(expand("${2147483647}", 1), "out of range");
  EXPECT_EQ(expand("${-2147483647}", 0), "-2147483647");
}

}  // namespace
}  // namespace zones
