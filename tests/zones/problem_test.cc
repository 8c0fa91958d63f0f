#include "zones/problem.h"

#include <gtest/gtest.h>

namespace zones {
namespace {

TEST(Problem, NamesFileLineAndColumn) {
  EXPECT_EQ((Problem{"a.yaml", 12, 5, "unknown key"}).to_text(), "a.yaml:12:5: unknown key");
}

TEST(Problem, LeavesOutWhatIsUnknown) {
  EXPECT_EQ((Problem{"a.zone", 12, 0, "syntax"}).to_text(), "a.zone:12: syntax");
  EXPECT_EQ((Problem{"a.zone", 0, 0, "cannot be read"}).to_text(), "a.zone: cannot be read");
}

}  // namespace
}  // namespace zones
