#include "server/state/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/state/folder.h"
#include "tests/server/state/run_sql.h"

namespace state {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// As the first version of the schema left it, written down once more: that file has to open for
// ever.
constexpr const char* kFirstVersion =
    "CREATE TABLE verdict ("
    "  key TEXT PRIMARY KEY, state INTEGER NOT NULL, failures INTEGER NOT NULL,"
    "  successes INTEGER NOT NULL, changed INTEGER NOT NULL, recovering INTEGER NOT NULL,"
    "  detail TEXT NOT NULL, results BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE override ("
    "  target TEXT PRIMARY KEY, force INTEGER NOT NULL, reason TEXT NOT NULL,"
    "  author TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,"
    "  ttl INTEGER) STRICT, WITHOUT ROWID;"
    "CREATE TABLE process ("
    "  id INTEGER PRIMARY KEY CHECK (id = 0), alive INTEGER NOT NULL) STRICT;"
    "INSERT INTO verdict VALUES ('k', 1, 0, 2, 1790000000123, 0, '', x'');"
    "INSERT INTO override VALUES"
    "  ('edge-1', 1, 'kernel', 'ann', 17, 42, 30), ('pool:web', 3, '', '', 18, 0, NULL);"
    "INSERT INTO process VALUES (0, 1790000000456);"
    "PRAGMA application_id = 0x464c5354;"
    "PRAGMA user_version = 1;";

health::Override weight(const std::string& target, std::uint32_t weight) {
  health::Override result;
  result.target = target;
  result.force = health::Force::None;
  result.weight = weight;
  return result;
}

TEST(Database, OpensAFileOfTheFirstVersionWithAllThatItHolds) {
  const Folder folder;
  run_sql(folder.file(), kFirstVersion);
  health::Override edge = drain("edge-1", "kernel");
  edge.author = "ann";
  edge.created = 17;
  edge.expires = 42;
  edge.ttl = 30;
  health::Override web = drain("pool:web");
  web.force = health::Force::Down;
  web.created = 18;
  {
    auto opened = Database::open(folder.file());
    ASSERT_TRUE(opened) << opened.error().clause;
    EXPECT_EQ(opened->unreadable, 0U);
    EXPECT_EQ(opened->saved.alive, 1'790'000'000'456);
    ASSERT_THAT(opened->saved.verdicts, SizeIs(1));
    EXPECT_EQ(opened->saved.verdicts[0].changed, 1'790'000'000'123);
    EXPECT_THAT(opened->saved.overrides, ElementsAre(edge, web));
    Batch batch;
    batch.overrides = {{"edge-1", health::OverrideKind::Weight, weight("edge-1", 10)}};
    EXPECT_EQ(opened->database.write(batch), "");
  }
  const auto again = Database::open(folder.file());
  ASSERT_TRUE(again) << again.error().clause;
  EXPECT_THAT(again->saved.overrides, ElementsAre(edge, weight("edge-1", 10), web));
}

TEST(Database, WritesABatchInItsOrder) {
  const Folder folder;
  folder.write("");
  auto opened = Database::open(folder.file());
  ASSERT_TRUE(opened) << opened.error().clause;
  const auto kind = health::OverrideKind::Weight;
  Batch batch;
  batch.overrides = {{"a", kind, weight("a", 1)},
                     {"a", kind, weight("a", 2)},
                     {"b", kind, weight("b", 1)},
                     {"b", kind, std::nullopt}};
  EXPECT_EQ(opened->database.write(batch), "");
  opened = tl::unexpected(Database::Failure{});  // closes it
  const auto again = Database::open(folder.file());
  ASSERT_TRUE(again) << again.error().clause;
  EXPECT_THAT(again->saved.overrides, ElementsAre(weight("a", 2)));
  EXPECT_THAT(again->saved.verdicts, IsEmpty());
}

}  // namespace
}  // namespace state
