#include "zones/master_word.h"

#include <gmock/gmock.h>

namespace zones {
namespace {

using testing::HasSubstr;

TEST(MasterWord, ReadsTtlsWithAndWithoutUnits) {
  EXPECT_EQ(read_ttl("0"), dnswire::Ttl(0));
  EXPECT_EQ(read_ttl("2147483647"), dnswire::kMaxTtl);
  EXPECT_EQ(read_ttl("1h30m"), dnswire::Ttl(5400));
  EXPECT_EQ(read_ttl("1W2D3H4M5S"), dnswire::Ttl(604800 + 2 * 86400 + 3 * 3600 + 245));
}

TEST(MasterWord, RefusesTtlsThatAreMalformed) {
  for (const char* text : {"", "h", "1x", "1h30", "30m1h", "1h1h", "-1", "+1", "1 h", "0x10",
                           "1.5h", "1hh", "4294967296x"}) {
    const auto ttl = read_ttl(text);
    ASSERT_FALSE(ttl) << text;
    EXPECT_THAT(ttl.error(), HasSubstr("is no TTL; write seconds, or units as in 1h30m")) << text;
  }
}

TEST(MasterWord, RefusesTtlsOver31Bits) {
  for (const char* text :
       {"2147483648", "99999999999999999999", "3551w", "4294967295w", "1w99999999999s"}) {
    const auto ttl = read_ttl(text);
    ASSERT_FALSE(ttl) << text;
    EXPECT_THAT(ttl.error(), HasSubstr("is over 2147483647 seconds")) << text;
  }
}

TEST(MasterWord, DropsQuotesAndEscapes) {
  EXPECT_EQ(unquote("a/b.zone"), "a/b.zone");
  EXPECT_EQ(unquote("\"a b \\\"c\\\".zone\""), "a b \"c\".zone");
  EXPECT_EQ(unquote("a\\ b\\"), "a b\\");
}

TEST(MasterWord, ShowsWordsAsTheyHaveToBeWritten) {
  EXPECT_EQ(in_backticks("a b"), "`a b`");
  EXPECT_EQ(in_backticks("a\tb"), "`a b`");
  EXPECT_EQ(in_backticks("\xc3\xa4\x7f"), "`\\195\\164\\127`");
  EXPECT_EQ(in_backticks(std::string(60, 'x')), "`" + std::string(60, 'x') + "`");
  EXPECT_EQ(in_backticks(std::string(61, 'x')), "`" + std::string(60, 'x') + "...`");
}

TEST(MasterWord, SuggestsTheTypeThatWasMeant) {
  EXPECT_EQ(suggest_type("AAA"), ", did you mean `AAAA`?");
  EXPECT_EQ(suggest_type("aaaaa"), ", did you mean `AAAA`?");
  EXPECT_EQ(suggest_type("CNMAE"), ", did you mean `CNAME`?");
  EXPECT_EQ(suggest_type("TXR"), ", did you mean `TXT`?");
  EXPECT_EQ(suggest_type("STOA"), ", did you mean `SOA`?");
  EXPECT_EQ(suggest_type("XXY"), "");
  EXPECT_EQ(suggest_type("QWERTZ"), "");
  EXPECT_EQ(suggest_type("SR"), "");
  EXPECT_EQ(suggest_type("www.example"), "");
  EXPECT_EQ(suggest_type(std::string(100'000, 'A')), "");
}

}  // namespace
}  // namespace zones
