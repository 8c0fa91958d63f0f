// What disks, crashes and other people do to the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "server/state/store.h"
#include "tests/server/state/folder.h"
#include "tests/server/state/run_sql.h"

namespace state {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

std::string octets_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
  return true;
}

// A store of 200 verdicts and one override.
void fill(const Folder& folder) {
  const Store::Opened opened = open_store(folder);
  std::vector<SavedVerdict> verdicts;
  for (int i = 0; i < 200; ++i) verdicts.push_back(verdict(key_of({std::to_string(i), {}}), i));
  opened.store->save(std::move(verdicts));
  EXPECT_EQ(put(*opened.store, drain("edge-1")), "");
}

// It starts anew, says so, keeps what was there, and works.
void expect_begun_anew(const Folder& folder, const std::string& why) {
  {
    const Store::Opened opened = open_store(folder);
    EXPECT_THAT(opened.saved.verdicts, IsEmpty());
    EXPECT_THAT(opened.saved.overrides, IsEmpty());
    EXPECT_THAT(opened.alarms,
                ElementsAre(AllOf(StartsWith(folder.file() + " "), HasSubstr(why),
                                  HasSubstr("put aside as " + folder.file() + ".damaged-20"))));
    EXPECT_EQ(put(*opened.store, drain("edge-2")), "");
  }
  const Store::Opened again = open_store(folder);
  EXPECT_THAT(again.saved.overrides, ElementsAre(drain("edge-2")));
  EXPECT_THAT(again.alarms, IsEmpty());
}

// What a killed process was told is on disk, is there afterwards.
TEST(StoreFaults, AKilledProcessLosesNothingItWasToldOf) {
  const Folder folder;
  std::array<int, 2> told{};
  ASSERT_EQ(::pipe(told.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::close(told[0]);
    const auto opened = Store::open(folder.path(), {.apart = milliseconds{0}});
    if (!opened) ::_exit(1);
    for (std::uint32_t i = 0;; ++i) {  // until it is killed, or its parent is gone
      opened->store->save({verdict(std::to_string(i % 500), i)});
      opened->store->put(drain(std::to_string(i)), [i, out = told[1]](const std::string& problem) {
        if (!problem.empty() || ::write(out, &i, sizeof i) != sizeof i) ::_exit(2);
      });
      if (i % 16 == 0) std::this_thread::sleep_for(milliseconds(1));
    }
  }
  ::close(told[1]);
  std::set<std::uint32_t> done;
  std::uint32_t i = 0;
  while (done.size() < 300 && ::read(told[0], &i, sizeof i) == sizeof i) done.insert(i);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  while (::read(told[0], &i, sizeof i) == sizeof i) done.insert(i);
  ::close(told[0]);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  ASSERT_GE(done.size(), 300U);

  const Store::Opened opened = open_store(folder);
  EXPECT_THAT(opened.alarms, IsEmpty());
  for (const health::Override& o : opened.saved.overrides) {
    done.erase(static_cast<std::uint32_t>(std::stoul(o.target)));
  }
  EXPECT_THAT(done, IsEmpty());
  EXPECT_THAT(opened.saved.verdicts, testing::Not(IsEmpty()));
}

TEST(StoreFaults, ASecondProcessIsTurnedAway) {
  const Folder folder;
  const Store::Opened first = open_store(folder);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto second = Store::open(folder.path());
    const bool clear = !second && second.error().starts_with(
                                      "another fairlead uses the state folder " + folder.path());
    ::_exit(clear ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_FALSE(Store::open(folder.path())) << "nor twice in one process";
  EXPECT_EQ(put(*first.store, drain("edge-1")), "") << "and the first one does not notice";
}

TEST(StoreFaults, RandomOctetsArePutAside) {
  const Folder folder;
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  std::string octets(20'000, '\0');
  for (char& octet : octets) octet = static_cast<char>(random());
  folder.write(octets);
  expect_begun_anew(folder, "not a database");
  const auto aside = folder.names("state.db.damaged-");
  ASSERT_THAT(aside, SizeIs(1)) << "seed " << seed;
  EXPECT_EQ(octets_of(folder.path() + "/" + aside[0]), octets);
}

TEST(StoreFaults, ATruncatedFileIsPutAside) {
  const Folder folder;
  fill(folder);
  std::filesystem::resize_file(folder.file(), std::filesystem::file_size(folder.file()) / 2);
  expect_begun_anew(folder, "malformed");
}

TEST(StoreFaults, AnEmptyFileIsAnAlarm) {
  const Folder folder;
  fill(folder);
  std::filesystem::resize_file(folder.file(), 0);
  const Store::Opened opened = open_store(folder);
  EXPECT_THAT(opened.alarms, ElementsAre(HasSubstr("was empty")));
  EXPECT_EQ(put(*opened.store, drain("edge-2")), "");
}

TEST(StoreFaults, AnEmptyFileWithAJournalIsPutAsideWithIt) {
  const Folder folder;
  folder.write("");
  std::ofstream(folder.file() + "-wal") << "left over";
  expect_begun_anew(folder, "is empty, and its journal is not");
  EXPECT_THAT(folder.names("state.db.damaged-"), SizeIs(2));
}

// Any octet of the file: it is put aside, or nothing is lost or read that was not written.
TEST(StoreFaults, ADamagedPageDoesNotHurt) {
  const Folder whole;
  fill(whole);
  const std::string octets = octets_of(whole.file());
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  int put_aside = 0;
  for (int round = 0; round < 100; ++round) {
    const Folder folder;
    std::string damaged = octets;
    const std::size_t first = random() % damaged.size();
    for (std::size_t i = first; i < std::min(first + 64, damaged.size()); ++i) {
      damaged[i] = static_cast<char>(random());
    }
    folder.write(damaged);
    const auto opened = Store::open(folder.path());
    ASSERT_TRUE(opened) << opened.error() << ", seed " << seed;
    if (!opened->alarms.empty()) ++put_aside;
    EXPECT_LE(opened->saved.verdicts.size(), 200U);
    EXPECT_EQ(put(*opened->store, drain("edge-2")), "") << "seed " << seed;
  }
  EXPECT_GT(put_aside, 10) << "seed " << seed;
}

TEST(StoreFaults, AnotherProgramsDatabaseIsPutAside) {
  const Folder folder;
  run_sql(folder.file(), "CREATE TABLE verdict (x); INSERT INTO verdict VALUES (1)");
  expect_begun_anew(folder, "another program's database");
}

TEST(StoreFaults, ALaterVersionIsPutAside) {
  const Folder folder;
  fill(folder);
  run_sql(folder.file(), "PRAGMA user_version = 99");
  expect_begun_anew(folder, "is of version 99");
}

TEST(StoreFaults, OtherTablesArePutAside) {
  const Folder folder;
  fill(folder);
  run_sql(folder.file(), "ALTER TABLE override RENAME COLUMN force TO might");
  expect_begun_anew(folder, "no such column: force");
}

TEST(StoreFaults, EntriesThatMeanNothingArePassedOver) {
  const Folder folder;
  fill(folder);
  run_sql(
      folder.file(),
      "UPDATE verdict SET state = 5 WHERE changed = 1;"
      "UPDATE verdict SET failures = 70000 WHERE changed = 2;"
      "UPDATE verdict SET results = x'00' WHERE changed = 3;"
      "UPDATE verdict SET results = x'000000000000000000000000ff' WHERE changed = 4;"
      "INSERT INTO override VALUES ('a', 0, '', '', 0, 0, NULL), ('b', 1, '', '', 0, 0, -1);"
      "INSERT INTO weight VALUES ('a', -1, '', '', 0, 0, NULL), ('b', 1000001, '', '', 0, 0, 1)");
  const Store::Opened opened = open_store(folder);
  EXPECT_THAT(opened.alarms, ElementsAre(HasSubstr("holds 8 entries that mean nothing")));
  EXPECT_EQ(opened.saved.verdicts.size(), 196U);
  EXPECT_THAT(opened.saved.overrides, ElementsAre(drain("edge-1")));
}

TEST(StoreFaults, AFolderInItsPlaceIsPutAside) {
  const Folder folder;
  std::filesystem::create_directories(folder.file() + "/inner");
  expect_begun_anew(folder, "is no file");
}

TEST(StoreFaults, ASymbolicLinkIsNotFollowed) {
  const Folder folder;
  std::filesystem::create_symlink("/elsewhere", folder.file());
  const auto opened = Store::open(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), StartsWith(folder.file() + " is a symbolic link"));
}

TEST(StoreFaults, AMissingFolderIsAnError) {
  const Folder folder;
  const auto opened = Store::open(folder.path() + "/nosuch");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(),
            folder.path() + "/nosuch/state.lock cannot be opened: No such file or directory");
}

TEST(StoreFaults, AFileRemovedInUseIsAProblem) {
  const Folder folder;
  const Store::Opened opened = open_store(folder);
  std::filesystem::remove(folder.file());
  EXPECT_THAT(put(*opened.store, drain("edge-1")), HasSubstr("was removed or replaced"));
  EXPECT_THAT(opened.store->problem(), HasSubstr("restart fairlead"));
}

// While it lives, no file of this process grows or is written: the nearest to a full disk that
// needs no rights.
class FullDisk {
 public:
  FullDisk() {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_DFL);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

TEST(StoreFaults, AFullDiskIsSaidAndTriedAgain) {
  const Folder folder;
  {
    const Store::Opened opened =
        open_store(folder, {.apart = milliseconds{0}, .retry = milliseconds{20}});
    {
      const FullDisk full;
      opened.store->save({verdict("a", 1), verdict("b", 1)});
      ASSERT_TRUE(eventually([&] { return !opened.store->problem().empty(); }));
      EXPECT_THAT(opened.store->problem(), StartsWith(folder.file() + " cannot be written: "));
      opened.store->save({verdict("a", 2)});
      EXPECT_THAT(put(*opened.store, drain("refused")), StartsWith(folder.file() + " cannot be"));
      opened.store->touch(5);
    }
    EXPECT_TRUE(eventually([&] { return opened.store->problem().empty(); }));
    EXPECT_EQ(put(*opened.store, drain("taken")), "");
  }
  const Saved saved = open_store(folder).saved;
  ASSERT_THAT(saved.verdicts, SizeIs(2));
  for (const SavedVerdict& v : saved.verdicts) EXPECT_EQ(v.changed, v.key == "a" ? 2 : 1);
  EXPECT_THAT(saved.overrides, ElementsAre(drain("taken")))
      << "who was refused is not kept waiting";
  EXPECT_EQ(saved.alive, 5);
}

TEST(StoreFaults, VerdictsThatFindNoRoomForgetThoseThatAreGone) {
  const Folder folder;
  {
    const Store::Opened opened = open_store(folder, {.apart = milliseconds{0}, .retry = hours{1}});
    const FullDisk full;
    opened.store->save({verdict("a"), verdict("b")});
    ASSERT_TRUE(eventually([&] { return !opened.store->problem().empty(); }));
    opened.store->keep_only({"b"});
  }
  const Saved saved = open_store(folder).saved;
  ASSERT_THAT(saved.verdicts, SizeIs(1)) << "there was room at the end";
  EXPECT_EQ(saved.verdicts[0].key, "b");
}

TEST(StoreFaults, AFullDiskAtTheStartIsAnError) {
  const Folder folder;
  const FullDisk full;
  const auto opened = Store::open(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), StartsWith(folder.file() + " cannot be "));
}

TEST(StoreFaults, AFullDiskStillGivesBackWhatItHolds) {
  const Folder folder;
  fill(folder);
  const FullDisk full;
  const Store::Opened opened = open_store(folder);
  EXPECT_THAT(opened.saved.verdicts, SizeIs(200));
  EXPECT_THAT(opened.saved.overrides, ElementsAre(drain("edge-1")));
  EXPECT_THAT(put(*opened.store, drain("edge-2")), HasSubstr("cannot be written"));
  opened.store->save({verdict("a")});  // and the end does not wait for room
}

}  // namespace
}  // namespace state
