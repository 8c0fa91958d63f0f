#include "dnswire/error.h"

#include <gtest/gtest.h>

#include <set>

namespace dnswire {
namespace {

TEST(Error, EveryErrorHasItsOwnClauseWithoutCapitalAndFullStop) {
  std::set<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(Error::UnknownClass); ++i) {
    const std::string_view clause = describe(static_cast<Error>(i));
    ASSERT_FALSE(clause.empty());
    EXPECT_NE(clause.back(), '.');
    EXPECT_TRUE(seen.insert(clause).second) << clause;
  }
}

}  // namespace
}  // namespace dnswire
