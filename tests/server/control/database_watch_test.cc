#include "server/control/database_watch.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/server/control/configured.h"

namespace control {
namespace {

class LookAt : public Configured {
 protected:
  [[nodiscard]] FileLooks look() const { return look_at({(folder_ / "a.mmdb").string()}); }
};

TEST_F(LookAt, TellsEditionsOfAFileApart) {
  const FileLooks missing = look();
  EXPECT_EQ(missing, FileLooks(1));
  write("a.mmdb", "one");
  const FileLooks first = look();
  EXPECT_NE(first, missing);
  EXPECT_EQ(look(), first);
  write("b.mmdb", "one");
  std::filesystem::rename(folder_ / "b.mmdb", folder_ / "a.mmdb");
  EXPECT_NE(look(), first) << "as long, and renamed over it";
}

TEST_F(LookAt, FollowsLinks) {
  write("one.mmdb", "one");
  write("two.mmdb", "two!");
  std::filesystem::create_symlink("one.mmdb", folder_ / "a.mmdb");
  const FileLooks first = look();
  std::filesystem::remove(folder_ / "a.mmdb");
  std::filesystem::create_symlink("two.mmdb", folder_ / "a.mmdb");
  EXPECT_NE(look(), first);
}

FileLooks edition(std::int64_t changed) { return {{1, 1, 10, changed}}; }

TEST(DatabaseWatch, IsDueOnceAnotherEditionIsLeftAlone) {
  DatabaseWatch watch;
  EXPECT_FALSE(watch.is_due(edition(1), edition(1)));
  EXPECT_FALSE(watch.is_due(edition(1), edition(1)));
  EXPECT_FALSE(watch.is_due(edition(1), edition(2))) << "it may be under way still";
  EXPECT_FALSE(watch.is_due(edition(1), edition(3)));
  EXPECT_TRUE(watch.is_due(edition(1), edition(3)));
  EXPECT_FALSE(watch.is_due(edition(3), edition(3)));
}

TEST(DatabaseWatch, SaysOneThatCannotBeUsedOnce) {
  DatabaseWatch watch;
  EXPECT_FALSE(watch.is_due(edition(1), edition(2)));
  EXPECT_TRUE(watch.is_due(edition(1), edition(2)));
  EXPECT_FALSE(watch.is_due(edition(1), edition(2)));
  EXPECT_FALSE(watch.is_due(edition(1), edition(4)));
  EXPECT_TRUE(watch.is_due(edition(1), edition(4)));
}

}  // namespace
}  // namespace control
