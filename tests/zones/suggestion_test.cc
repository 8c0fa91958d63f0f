#include "zones/suggestion.h"

#include <gtest/gtest.h>

#include <array>

namespace zones {
namespace {

constexpr std::array<std::string_view, 4> kKnown{"pool", "rules", "ttl", "all_down"};

TEST(Suggestion, NamesTheNearestWord) {
  EXPECT_EQ(suggest("pol", kKnown), ", did you mean `pool`?");
  EXPECT_EQ(suggest("Rules", kKnown), ", did you mean `rules`?");
  EXPECT_EQ(suggest("lal_down", kKnown), ", did you mean `all_down`?");
  EXPECT_EQ(suggest("tttl", kKnown), ", did you mean `ttl`?");
}

TEST(Suggestion, SaysNothingOfWordsThatAreFar) {
  EXPECT_EQ(suggest("members", kKnown), "");
  EXPECT_EQ(suggest("x", kKnown), "");
  EXPECT_EQ(suggest(std::string(10000, 'p'), kKnown), "");
}

}  // namespace
}  // namespace zones
