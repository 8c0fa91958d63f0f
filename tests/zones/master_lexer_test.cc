#include "zones/master_lexer.h"

#include <gmock/gmock.h>

namespace zones {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string at(Position position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

// One line an entry, "<" in front if it begins with a blank, or a problem after "!".
std::vector<std::string> entries(std::string_view text) {
  MasterLexer lexer(text);
  std::vector<std::string> result;
  for (int i = 0; i < 100; ++i) {
    const auto entry = lexer.next();
    if (!entry) {
      result.push_back("!" + at(entry.error().position) + " " + entry.error().text);
    } else if (*entry == nullptr) {
      return result;
    } else {
      std::string scratch;
      result.push_back(((*entry)->begins_with_blank ? "<" : "") +
                       std::string((*entry)->text_from(0, scratch)));
    }
  }
  return {"no end"};
}

TEST(MasterLexer, PartsLinesIntoEntries) {
  EXPECT_THAT(entries(""), IsEmpty());
  EXPECT_THAT(entries("\n \n; comment\n  ; comment"), IsEmpty());
  EXPECT_THAT(entries("a A 192.0.2.1\n\tAAAA ::1 ; comment\r\n\r\nb\tMX 1 c"),
              ElementsAre("a A 192.0.2.1", "<AAAA ::1", "b\tMX 1 c"));
}

TEST(MasterLexer, TellsLineAndColumnOfEveryWord) {
  MasterLexer lexer("\na (\r\n  bc;(\n\td) e\n");
  const auto entry = lexer.next();
  ASSERT_TRUE(entry && *entry != nullptr);
  std::vector<std::string> words;
  for (const Token& token : (*entry)->tokens) {
    words.push_back(at(token.position) + " " + std::string(token.text));
  }
  EXPECT_THAT(words, ElementsAre("2:1 a", "3:3 bc", "4:2 d", "4:5 e"));
}

TEST(MasterLexer, MakesOneEntryOfWhatIsInParentheses) {
  EXPECT_THAT(entries("a SOA b c(1 2 ; serial (\n3(4)\n5 ) ; end\nd\n"),
              ElementsAre("a SOA b c 1 2 3 4 5", "d"));
}

TEST(MasterLexer, KeepsQuotesAndEscapesAsTheyAre) {
  EXPECT_THAT(entries("a TXT \"x ( ; y\" \\\" \\( \\; it's ( \"esc \\\" aped\" ) \" comment\"\n"),
              ElementsAre("a TXT \"x ( ; y\" \\\" \\( \\; it's \"esc \\\" aped\" \" comment\""));
  EXPECT_THAT(entries("a SVCB 1 . key=\"a b\"x\n"), ElementsAre("a SVCB 1 . key=\"a b\"x"));
}

TEST(MasterLexer, SkipsAByteOrderMark) {
  MasterLexer lexer("\xef\xbb\xbf$TTL 1\n");
  const auto entry = lexer.next();
  ASSERT_TRUE(entry && *entry != nullptr);
  EXPECT_EQ((*entry)->tokens.front().text, "$TTL");
  EXPECT_EQ(at((*entry)->tokens.front().position), "1:1");
}

TEST(MasterLexer, ReportsAQuoteThatDoesNotEndAndReadsOn) {
  const char* const kProblem = "a quoted string begins here and does not end on its line";
  EXPECT_THAT(entries("a TXT \"x\nb TXT \"y\"\n"),
              ElementsAre("!1:7 " + std::string(kProblem), "b TXT \"y\""));
  EXPECT_THAT(entries("a TXT \"x\\\n"), ElementsAre("!1:7 " + std::string(kProblem)));
  EXPECT_THAT(entries("a TXT ( \"x\n  y )\nb\n"),
              ElementsAre("!1:9 " + std::string(kProblem), "b"));
}

TEST(MasterLexer, ReportsParenthesesThatDoNotMatch) {
  EXPECT_THAT(entries("\n@ SOA a b ( 1 (2)\n3 4 5\n"),
              ElementsAre("!2:11 this parenthesis is never closed"));
  EXPECT_THAT(entries("a A 192.0.2.1 )\nb\n"),
              ElementsAre("!1:15 this closes a parenthesis that is not open", "b"));
}

TEST(MasterLexer, LeavesABackslashAtTheEndOfALineAlone) {
  EXPECT_THAT(entries("a\\\r\nb\\\nc\\"), ElementsAre("a\\", "b\\", "c\\"));
}

TEST(MasterLexer, ReadsWordsOfAnyLength) {
  const std::string word(1'000'000, 'x');
  EXPECT_THAT(entries("a " + word + "\n"), ElementsAre("a " + word));
}

TEST(MasterLexer, StopsCountingWordsWhereAParenthesisIsOpenForTooLong) {
  std::string text = "a TXT (";
  for (int i = 0; i < 200'000; ++i) text += " x";
  EXPECT_THAT(
      entries(text + "\n)\nb\n"),
      ElementsAre("!1:7 a record of far too many words; is the parenthesis here not closed?", "b"));
}

TEST(MasterLexer, FindsWhatIsNoText) {
  using std::string_view_literals::operator""sv;
  EXPECT_FALSE(find_binary("\xef\xbb\xbf a\tb\r\n\xc3\xa4\n"));
  const auto nul = find_binary("a\nb\0c"sv);
  ASSERT_TRUE(nul);
  EXPECT_EQ(at(nul->position), "2:2");
  EXPECT_THAT(nul->text, HasSubstr("an octet of value 0 stands here"));
  EXPECT_THAT(find_binary("\x1f")->text, HasSubstr("written \\031"));
  EXPECT_EQ(at(find_binary("a\rb\n")->position), "1:2");
  EXPECT_TRUE(find_binary("a\r"));
}

}  // namespace
}  // namespace zones
