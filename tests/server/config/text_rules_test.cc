#include "server/config/text_rules.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(TextRules, TellsNamesOfHosts) {
  for (const char* name : {"localhost", "edge-1", "a.example.org", "_x.example", "10.example",
                           "xn--bcher-kva.example", "A.B"}) {
    EXPECT_TRUE(is_host_name(name)) << name;
  }
  for (const char* name : {"", ".", "a.", ".a", "a..b", "-a", "a-", "10.0.0.300", "203.0.113", "1",
                           "a b", "a/b", "a:80",
                           "b\xc3\xbc"
                           "cher.example"}) {
    EXPECT_FALSE(is_host_name(name)) << name;
  }
  const std::string label(63, 'a');
  EXPECT_TRUE(is_host_name(label + "." + label + "." + label + ".b"));
  EXPECT_FALSE(is_host_name(label + "a.b"));
  EXPECT_FALSE(is_host_name(label + "." + label + "." + label + "." + label));
}

TEST(TextRules, TellsTokensOfHttp) {
  EXPECT_TRUE(is_http_token("X-Edge_Token!"));
  for (const char* text : {"", "a b", "a:b", "a\r\n", "\"a\"", "\xc3\xa4"}) {
    EXPECT_FALSE(is_http_token(text)) << text;
  }
}

TEST(TextRules, TellsControlCharactersAndBlanks) {
  EXPECT_TRUE(has_controls("a\tb"));
  EXPECT_TRUE(has_controls("a\x7f"));
  EXPECT_FALSE(has_controls("a b \xc3\xa4"));
  EXPECT_TRUE(is_visible_ascii("!~"));
  EXPECT_FALSE(is_visible_ascii("a b"));
  EXPECT_FALSE(is_visible_ascii("\xc3\xa4"));
  EXPECT_FALSE(is_visible_ascii(""));
}

TEST(TextRules, MakesAsciiLettersSmall) { EXPECT_EQ(to_lower("Example.ORG/T1"), "example.org/t1"); }

}  // namespace
}  // namespace config
