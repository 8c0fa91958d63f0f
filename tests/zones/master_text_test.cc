#include "zones/master_text.h"

#include <gmock/gmock.h>

namespace zones {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> problems(std::string_view text) {
  std::vector<std::string> result;
  for (const TextProblem& problem : scan_master_text(text)) {
    result.push_back(std::to_string(problem.line) + ": " + problem.text);
  }
  return result;
}

TEST(MasterText, AcceptsQuotesParenthesesCommentsAndEscapes) {
  EXPECT_THAT(problems("a TXT \"x ( ; y\" \\\" \\( ; it's ( a \" comment\nb SOA x ( 1 ; (\n2 )\n"),
              IsEmpty());
  EXPECT_THAT(problems(""), IsEmpty());
  EXPECT_THAT(problems("a TXT \"escaped \\\" quote\""), IsEmpty());
}

TEST(MasterText, ReportsAQuoteThatDoesNotEnd) {
  EXPECT_THAT(problems("a TXT \"x\nb TXT \"y\"\n"),
              ElementsAre("1: a quoted string does not end on its line"));
  EXPECT_THAT(problems("a TXT \"x"), ElementsAre("1: a quoted string does not end on its line"));
}

TEST(MasterText, ReportsParenthesesThatDoNotMatch) {
  EXPECT_THAT(problems("\n@ SOA a b ( 1 2\n3 4 5\n"),
              ElementsAre("2: this line opens a parenthesis that is never closed"));
  EXPECT_THAT(problems("a A 192.0.2.1 )\n"),
              ElementsAre("1: this line closes a parenthesis that is not open"));
}

}  // namespace
}  // namespace zones
