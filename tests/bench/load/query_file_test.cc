#include "bench/load/query_file.h"

#include <gtest/gtest.h>

#include <sstream>

namespace load {
namespace {

tl::expected<std::vector<Question>, std::string> read(const std::string& text) {
  std::istringstream lines(text);
  return read_query_file(lines);
}

TEST(ReadQueryFile, ReadsNameTypeAndSubnet) {
  const auto questions = read(
      "www.example.test A\n"
      "www.example.test. aaaa 192.0.2.0/24\n"
      "  mail.example.test\tTYPE257   2001:db8::/56\n");
  ASSERT_TRUE(questions);
  ASSERT_EQ(questions->size(), 3);
  EXPECT_EQ((*questions)[0].name.to_text(), "www.example.test.");
  EXPECT_EQ((*questions)[0].type, dnswire::RrType::A);
  EXPECT_FALSE((*questions)[0].client_subnet);
  EXPECT_EQ((*questions)[1].name, (*questions)[0].name);
  EXPECT_EQ((*questions)[1].client_subnet->to_text(), "192.0.2.0/24");
  EXPECT_EQ((*questions)[2].type, dnswire::RrType::CAA);
  EXPECT_EQ((*questions)[2].client_subnet->to_text(), "2001:db8::/56");
}

TEST(ReadQueryFile, PassesOverEmptyLinesAndComments) {
  const auto questions = read("\n# nothing\nwww.example.test A # the site\n   \n");
  ASSERT_TRUE(questions);
  EXPECT_EQ(questions->size(), 1);
}

TEST(ReadQueryFile, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(read("a.test A\nb.test\n").error(), "line 2: b.test: a type is missing");
  EXPECT_EQ(read("a.test A 192.0.2.0/24 x\n").error(), "line 1: 'x' is one word too many");
  EXPECT_EQ(read("a..test A\n").error().substr(0, 16), "line 1: a..test:");
  EXPECT_EQ(read("a.test SOMETHING\n").error().substr(0, 18), "line 1: SOMETHING:");
  EXPECT_EQ(read("a.test A 192.0.2.1/24\n").error().substr(0, 21), "line 1: 192.0.2.1/24:");
}

TEST(ReadQueryFile, RefusesAFileWithoutQueries) {
  EXPECT_EQ(read("").error(), "there is no query in it");
  EXPECT_EQ(read("# only this\n").error(), "there is no query in it");
}

}  // namespace
}  // namespace load
