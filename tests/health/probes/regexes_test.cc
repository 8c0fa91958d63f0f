#include "health/probes/regexes.h"

#include <gtest/gtest.h>

namespace probes {
namespace {

TEST(Regexes, AreCompiledOnce) {
  Regexes regexes;
  const auto first = regexes.get("a+");
  EXPECT_TRUE(first->ok());
  EXPECT_EQ(first, regexes.get("a+"));
  EXPECT_NE(first, regexes.get("b+"));
}

TEST(Regexes, SayWhatIsWrongWithThem) {
  Regexes regexes;
  EXPECT_FALSE(regexes.get("(a")->ok());
  EXPECT_EQ(regexes.get("(a")->error(), "missing ): (a");
}

}  // namespace
}  // namespace probes
