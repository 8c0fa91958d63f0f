#include "server/config/name_table.h"

#include <gmock/gmock.h>

namespace config {
namespace {

TEST(NameTable, LooksAtSharedNamesForWhatIsNotItsOwn) {
  NameTable<int> shared(nullptr);
  shared.add("far", 1);
  shared.add("both", 2);
  NameTable<int> own(&shared);
  own.add("both", 3);
  own.add("both", 4);
  EXPECT_EQ(*own.find("far"), 1);
  EXPECT_EQ(*own.find("both"), 3);
  EXPECT_EQ(own.find("none"), nullptr);
  EXPECT_FALSE(own.is_own("far"));
  EXPECT_TRUE(own.is_own("both"));
  EXPECT_THAT(own.names(), testing::UnorderedElementsAre("far", "both", "both"));
}

}  // namespace
}  // namespace config
